package detect

import "github.com/leakwatch/leakwatch/leak"

// Severity is read from a table of the class of the data and the band of the
// quantity. The bands begin at 50, 500 and 5,000, where the Interpretation on
// crimes of infringing citizens' personal information (法释〔2017〕10号, art. 5)
// begins to count records as serious, by their class.

// severity ranks a verdict; what is no hit is low.
func severity(v *verdict) leak.Severity {
	if !v.hit {
		return leak.Low
	}
	return severityOf(harm(v.categories), band(v.bulk))
}

// severityOf is the table, by class of harm and band.
func severityOf(class, band int) leak.Severity {
	return [...][4]leak.Severity{
		{leak.Low, leak.Low, leak.Medium, leak.High},
		{leak.Medium, leak.Medium, leak.High, leak.Critical},
		{leak.High, leak.Critical, leak.Critical, leak.Critical},
	}[class][band]
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

// band ranks a quantity: below 50, from 50, from 500, from 5,000.
func band(quantity float64) int {
	switch {
	case quantity >= 5000:
		return 3
	case quantity >= 500:
		return 2
	case quantity >= bulk:
		return 1
	}
	return 0
}
