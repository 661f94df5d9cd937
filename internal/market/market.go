// Package market is the demo marketplace: a made-up site on loopback that
// leakwatch crawls in its demo and its tests. Nothing in it is real.
//
// It has five sections, each a source of its own with its own page layout:
// a Chinese forum, an English shop, a Korean board, a Chinese section in GBK,
// and a section behind a login cookie. Listings are drawn from a seed; while
// it runs, Step adds listings, changes prices, marks offers as sold out and
// reposts old ones under other names. What it holds is told at /truth, which
// robots.txt forbids to crawlers and nothing links to.
package market

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Item is one post of the market with the truth about it.
type Item struct {
	ID         int       `json:"id"`
	Section    string    `json:"section"`
	Path       string    `json:"path"`
	Title      string    `json:"title"`
	Body       string    `json:"body"`
	Seller     string    `json:"seller"`
	Posted     time.Time `json:"posted"`
	Hit        bool      `json:"hit"`
	Categories []string  `json:"categories"`
	Language   string    `json:"language"`
	Price      string    `json:"price,omitempty"`
	Currency   string    `json:"currency,omitempty"`
	Quantity   int       `json:"quantity,omitempty"`
	Handle     string    `json:"handle,omitempty"`
	RepostOf   int       `json:"repost_of,omitempty"`
	SoldOut    bool      `json:"sold_out,omitempty"`
	Changes    int       `json:"changes,omitempty"`  // of the price
	Canaries   []string  `json:"canaries,omitempty"` // values that must never be stored or shown

	pitch int // index in its section's pitches
	body  string
}

// Section is one part of the market.
type Section struct {
	Name     string // path is /Name/
	Title    string
	Language string
	GBK      bool
	Login    bool
	pitches  []pitch
}

// Sections returns the sections in order.
func Sections() []Section {
	return []Section{
		{Name: "zh", Title: "暗巷论坛", Language: "zh", pitches: chinese},
		{Name: "en", Title: "Backstreet Market", Language: "en", pitches: english},
		{Name: "ko", Title: "뒷골목 게시판", Language: "ko", pitches: korean},
		{Name: "gbk", Title: "老街数据交易区", Language: "zh", GBK: true, pitches: chinese},
		{Name: "vip", Title: "会员区", Language: "zh", Login: true, pitches: chinese},
	}
}

// Cookie is what the login section wants to see.
const Cookie = "market_session=member"

// perSection is how many listings a section starts with: 425 in all.
const perSection = 85

// Market is safe for concurrent use.
type Market struct {
	now func() time.Time

	mu       sync.Mutex // protects all fields below
	rand     *rand.Rand
	items    []*Item
	broken   bool
	requests map[string]int // by path, the truth's own left out
}

// New makes a market from a seed. The same seed gives the same listings and
// the same steps.
func New(seed uint64, now func() time.Time) *Market {
	m := &Market{now: now, rand: rand.New(rand.NewPCG(seed, 0x6c65616b)), requests: map[string]int{}}
	for i := range perSection {
		for _, s := range Sections() {
			age := time.Duration(perSection-i) * 47 * time.Minute
			m.add(s, now().Add(-age).Truncate(time.Second))
		}
	}
	return m
}

// add draws a new listing. The caller holds the lock or owns m.
func (m *Market) add(s Section, posted time.Time) *Item {
	r := m.rand
	n := r.IntN(len(s.pitches))
	p := s.pitches[n]
	it := &Item{ID: 1001 + len(m.items), Section: s.Name, Posted: posted, Hit: p.hit(), Categories: p.categories,
		Language: s.Language, Seller: pick(r, sellerNames[s.Language]), pitch: n, Handle: handle(r)}
	it.Path = fmt.Sprintf("/%s/item/%d", s.Name, it.ID)
	if p.price[1] > 0 {
		it.Price, it.Currency = money(r, p), p.currency
	}
	with := map[string]string{"c": fill(pick(r, contactLines[s.Language]), map[string]string{"h": it.Handle})}
	it.Quantity = 1
	if len(p.quantity) > 0 {
		it.Quantity = p.quantity[r.IntN(len(p.quantity))]
		with["q"] = strconv.Itoa(it.Quantity)
	}
	var rows string
	for range 3 {
		row, canaries := record(r)
		rows += row + "\n"
		it.Canaries = append(it.Canaries, canaries...)
	}
	with["s"] = rows
	it.Title = fill(pick(r, p.title), with)
	body := pick(r, p.body)
	if !strings.Contains(body, "{s}") {
		it.Canaries = nil
	}
	it.body = fill(body, with)
	it.Body = fill(it.body, map[string]string{"p": it.Price})
	m.items = append(m.items, it)
	return it
}

// Step lets some time pass: one or two new listings, and now and then a
// changed price, a sold-out mark or a repost under another name. It returns
// how many hits are new.
func (m *Market) Step() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	hits := 0
	now := m.now().Truncate(time.Second)
	sections := Sections()
	for range 1 + m.rand.IntN(2) {
		if m.add(sections[m.rand.IntN(len(sections))], now).Hit {
			hits++
		}
	}
	it := m.items[m.rand.IntN(len(m.items))]
	p := m.pitchOf(it)
	switch m.rand.IntN(3) {
	case 0:
		if it.Price != "" && !it.SoldOut {
			it.Price = money(m.rand, p)
			it.Body = fill(it.body, map[string]string{"p": it.Price})
			it.Changes++
		}
	case 1:
		it.SoldOut = true
	case 2:
		if it.Hit {
			m.repost(it, now)
			hits++
		}
	}
	return hits
}

func (m *Market) pitchOf(it *Item) pitch {
	for _, s := range Sections() {
		if s.Name == it.Section {
			return s.pitches[it.pitch]
		}
	}
	return pitch{}
}

// repost copies an offer under another seller's name, contact kept.
func (m *Market) repost(it *Item, now time.Time) {
	c := *it
	c.ID = 1001 + len(m.items)
	c.Path = fmt.Sprintf("/%s/item/%d", c.Section, c.ID)
	c.Posted, c.RepostOf, c.SoldOut, c.Changes = now, it.ID, false, 0
	for c.Seller == it.Seller {
		c.Seller = pick(m.rand, sellerNames[c.Language])
	}
	m.items = append(m.items, &c)
}

// Break switches the layout of all sections to one that names nothing as
// before and holds no listing: what a crawler sees after a redesign. Break
// again repairs it.
func (m *Market) Break() (broken bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broken = !m.broken
	return m.broken
}

// Truth returns a copy of all items, oldest first.
func (m *Market) Truth() []Item {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make([]Item, len(m.items))
	for i, it := range m.items {
		out[i] = *it
	}
	return out
}

// Requests returns how often each path was asked for.
func (m *Market) Requests() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := make(map[string]int, len(m.requests))
	for k, v := range m.requests {
		out[k] = v
	}
	return out
}
