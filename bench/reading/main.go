// Command reading measures how leakwatch reads texts beside its peers, in one
// run over the same texts, and prints tables: go run ./bench/reading.
//
// Two tasks. Identifiers: which stretch of a text is a value that identifies a
// person; texts are made from a seed, with known values, in clear and hidden,
// and decoys without one. Listings: whether a text offers personal data; the
// development sets, tuned on by us and by no peer, so their figures flatter
// us. Peers for the second task get the words of our own lexicon. Both sides
// must have read the same bytes, or it fails. CPU is that of the reading
// alone, without start and set-up; rounds alternate.
package main

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/leakwatch/leakwatch/detect"
	"github.com/leakwatch/leakwatch/internal/pyenv"
)

//go:embed requirements.txt
var requirements string

//go:embed peers.py
var program string

func main() {
	n := flag.Int("n", 40, "texts of each kind of identifier and hiding")
	seed := flag.Uint64("seed", 1, "seed of the texts")
	rounds := flag.Int("rounds", 3, "rounds")
	sets := flag.String("sets", "corpus.jsonl,dev.jsonl,dev2.jsonl", "labelled sets in detect/testdata")
	flag.Parse()
	if err := run(*n, *seed, *rounds, strings.Split(*sets, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "reading:", err)
		os.Exit(1)
	}
}

// task is what every reader is given.
type task struct {
	Identifiers []string `json:"identifiers"`
	Listings    []string `json:"listings"`
	Categories  []string `json:"categories"`
	Intents     []string `json:"intents"`
	samples     []sample
	labelled    []detect.Labelled
}

// answers are those of one run of all peers, or of ours.
type answers struct {
	SHA256 string                      `json:"sha256"`
	Spans  map[string]answer[[][2]int] `json:"spans"`
	Hits   map[string]answer[bool]     `json:"hits"`
}

type answer[T any] struct {
	Answers []T     `json:"answers"`
	CPU     float64 `json:"cpu"`
}

func run(n int, seed uint64, rounds int, sets []string) error {
	e, err := newEngine()
	if err != nil {
		return err
	}
	t, err := newTask(e, n, seed, sets)
	if err != nil {
		return err
	}
	bin, err := pyenv.Make(requirements)
	if err != nil {
		fmt.Printf("the peers are skipped: %v; %s\n", err, pyenv.How)
	}
	var all []answers
	for range rounds {
		ours := read(e, t)
		if bin != "" && err == nil {
			theirs, err := ask(bin, t)
			if err != nil {
				return err
			}
			if theirs.SHA256 != ours.SHA256 {
				return errors.New("the peers have read other texts")
			}
			merge(&ours, theirs)
		}
		all = append(all, ours)
	}
	fmt.Printf("%s, %d CPUs, %s, %d rounds, seed %d\n", runtime.Version(), runtime.NumCPU(), time.Now().UTC().Format(time.DateOnly), rounds, seed)
	printIdentifiers(t, all)
	printListings(t, all)
	return nil
}

func merge(into *answers, from answers) {
	for name, a := range from.Spans {
		into.Spans[name] = a
	}
	for name, a := range from.Hits {
		into.Hits[name] = a
	}
}

// newTask makes the texts and takes the words from the lexicon: those of
// simple rules that name a category, and those that show an intent to trade.
func newTask(e *detect.Engine, n int, seed uint64, sets []string) (*task, error) {
	t := &task{samples: samples(seed, n)}
	for _, s := range t.samples {
		t.Identifiers = append(t.Identifiers, s.text)
	}
	for _, set := range sets {
		f, err := os.Open(filepath.Join("detect", "testdata", set))
		if err != nil {
			return nil, fmt.Errorf("run it from the root of the repository: %w", err)
		}
		labelled, err := detect.ReadLabelled(f)
		f.Close()
		if err != nil {
			return nil, err
		}
		t.labelled = append(t.labelled, labelled...)
	}
	for _, l := range t.labelled {
		t.Listings = append(t.Listings, l.Title+"\n"+l.Body)
	}
	for _, r := range e.Lexicon().Rules {
		for _, term := range r.Terms {
			switch {
			case term.Text == "" || term.Text[0] == '@':
			case r.Role() == detect.Names && r.Status != "experimental":
				t.Categories = append(t.Categories, term.Text)
			case strings.HasPrefix(r.Signal, "intent:"):
				t.Intents = append(t.Intents, term.Text)
			}
		}
	}
	return t, nil
}

// ask runs the peers.
func ask(bin string, t *task) (answers, error) {
	in, err := json.Marshal(t)
	if err != nil {
		return answers{}, err
	}
	var errs bytes.Buffer
	cmd := exec.Command(filepath.Join(bin, "python"), "-c", program)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &errs
	out, err := cmd.Output()
	if err != nil {
		return answers{}, fmt.Errorf("run the peers: %w\n%s", err, errs.String())
	}
	var a answers
	return a, json.Unmarshal(out, &a)
}

func (t *task) sum() string {
	h := sha256.Sum256([]byte(strings.Join(slices.Concat(t.Identifiers, t.Listings), "\x00")))
	return hex.EncodeToString(h[:])
}
