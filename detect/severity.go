package detect

import "github.com/leakwatch/leakwatch/leak"

// Severity is the harm of the data plus the band of the quantity. The bands
// follow the Interpretation on crimes of infringing citizens' personal
// information (法释〔2017〕10号, art. 5), which counts records from 50, 500 and
// 5,000 by their class.

// severity ranks a verdict; what is no hit is low.
func severity(v *verdict) leak.Severity {
	if !v.hit {
		return leak.Low
	}
	points := harm(v.categories) + band(v.bulk)
	all := leak.Severities()
	return all[min(points, len(all)-1)]
}

// harm ranks the most harmful category from 0 to 2.
func harm(categories []leak.Category) int {
	most := 0
	for _, c := range categories {
		most = max(most, harmOf(c))
	}
	return most
}

func harmOf(c leak.Category) int {
	switch c {
	case leak.PhoneNumber, leak.PersonalName, leak.SIMCard, leak.IMAccount:
		return 0
	case leak.FacePhoto, leak.IDCardPhoto, leak.IDNumber:
		return 1
	}
	return 2
}

// band ranks a quantity: 0 below 500, 1 from 500, 2 from 5,000.
func band(quantity float64) int {
	switch {
	case quantity >= 5000:
		return 2
	case quantity >= 500:
		return 1
	}
	return 0
}
