package realsite

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/leakwatch/leakwatch/internal/market"
)

// post is what fill.py plants.
type post struct {
	Key      string `json:"key"`
	Topic    string `json:"topic,omitempty"` // key of the post that this one replies to
	Title    string `json:"title"`
	Body     string `json:"body"`
	Author   string `json:"author"`
	Category string `json:"category"`
	Posted   int64  `json:"posted"`
	Price    string `json:"price"`
	Currency string `json:"currency"`
	Stock    int    `json:"stock"`

	language string
	hit      bool
}

// firstPosts is how many posts a site starts with, replies left out: half
// hits, half look-alikes.
const firstPosts = 200

// drawer draws posts from a seed. The texts are those of the demo market.
type drawer struct {
	r          *rand.Rand
	hits, rest []market.Item // shuffled
	n          int           // posts drawn
	now        int64         // of the next post; later ones are newer
	chats      []post        // threads without a subject, which replies are added to
	replies    bool          // the site has threads
}

func newDrawer(seed uint64, replies bool) *drawer {
	d := &drawer{r: rand.New(rand.NewPCG(seed, 0x7265616c)), replies: replies}
	start := time.Now().Add(-40 * 24 * time.Hour)
	d.now = start.Unix()
	for k := range uint64(2) { // one market has too few look-alikes
		for _, it := range market.New(seed+k, func() time.Time { return start }).Truth() {
			if it.Hit {
				d.hits = append(d.hits, it)
			} else {
				d.rest = append(d.rest, it)
			}
		}
	}
	d.r.Shuffle(len(d.hits), func(i, j int) { d.hits[i], d.hits[j] = d.hits[j], d.hits[i] })
	d.r.Shuffle(len(d.rest), func(i, j int) { d.rest[i], d.rest[j] = d.rest[j], d.rest[i] })
	return d
}

// first draws what a site starts with: posts and, on a forum, threads without
// a subject whose replies are hits and look-alikes too, one of them longer
// than a page.
func (d *drawer) first() []post {
	var posts []post
	for i := range firstPosts {
		posts = append(posts, d.post(i%2 == 0))
	}
	d.r.Shuffle(len(posts), func(i, j int) { posts[i], posts[j] = posts[j], posts[i] })
	for i := range posts {
		posts[i].Posted = d.tick()
	}
	if !d.replies {
		return posts
	}
	for i, title := range []string{"闲聊专区", "Off topic", "자유로운 이야기", "新人报到"} {
		chat := d.stamp(post{Title: title, Body: []string{"大家随便聊", "Talk about anything", "아무 이야기나 하세요", "来打个招呼吧"}[i], Author: "admin", Category: "Lounge", language: "en"})
		d.chats = append(d.chats, chat)
		posts = append(posts, chat)
		for range []int{6, 4, 5, 31}[i] {
			posts = append(posts, d.reply(chat))
		}
	}
	return posts
}

// more draws n posts newer than all before; on a forum a third of them are
// replies to threads of one page.
func (d *drawer) more(n int) []post {
	var posts []post
	for i := range n {
		if d.replies && i%3 == 2 {
			posts = append(posts, d.reply(d.chats[i/3%3]))
			continue
		}
		p := d.post(i%2 == 0)
		p.Posted = d.tick()
		posts = append(posts, p)
	}
	return posts
}

func (d *drawer) post(hit bool) post {
	from := &d.rest
	if hit {
		from = &d.hits
	}
	it := (*from)[0]
	*from = append((*from)[1:], it)
	category := map[string]string{"zh": "交易", "en": "Market", "ko": "장터"}[it.Language]
	p := d.stamp(post{Title: it.Title, Body: it.Body, Author: it.Seller, Category: category, language: it.Language, hit: it.Hit})
	p.Price, p.Currency, p.Stock = it.Price, it.Currency, d.r.IntN(50)
	return p
}

// reply draws a reply to a thread without a subject.
func (d *drawer) reply(to post) post {
	p := d.post(d.r.IntN(2) == 0)
	p.Topic, p.Title, p.Category, p.Posted = to.Key, to.Title, to.Category, d.tick()
	return p
}

func (d *drawer) stamp(p post) post {
	d.n++
	p.Key = fmt.Sprintf("post%d", d.n)
	p.Posted = d.tick()
	return p
}

// tick returns the time of the next post.
func (d *drawer) tick() int64 {
	d.now += 60 + d.r.Int64N(600)
	return d.now
}
