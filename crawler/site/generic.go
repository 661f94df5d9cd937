package site

// generic finds out by itself how a site is built: which blocks of a page
// repeat and lead to details, which one is the main text, where the next page
// is.
type generic struct{}

func (generic) Name() string { return "generic" }

func (generic) Read(p *Page, h Hints) Result {
	r := reader{p: p, h: h}
	return r.result()
}
