package email

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/alerts/notifytest"
	"github.com/leakwatch/leakwatch/config"
)

// server is a mail server for one test.
type server struct {
	address string
	tls     *tls.Config
	offer   bool              // STARTTLS
	replies map[string]string // command → answer instead of 250

	mu    sync.Mutex
	rcpt  []string
	mails []string
	users []string
}

// serve starts a server whose certificate is httptest's, which is good for
// 127.0.0.1; it returns the roots that trust it.
func serve(t *testing.T, implicit, offer bool, replies map[string]string) (*server, *x509.CertPool) {
	t.Helper()
	web := httptest.NewTLSServer(nil)
	t.Cleanup(web.Close)
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	s := &server{tls: &tls.Config{Certificates: web.TLS.Certificates}, offer: offer, replies: replies}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if implicit {
		l = tls.NewListener(l, s.tls)
	}
	t.Cleanup(func() { l.Close() })
	s.address = l.Addr().String()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.talk(conn)
		}
	}()
	return s, roots
}

func (s *server) talk(conn net.Conn) {
	defer func() { conn.Close() }()
	r := bufio.NewReader(conn)
	say := func(line string) { fmt.Fprintf(conn, "%s\r\n", line) }
	say("220 test ESMTP")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSpace(line)
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		_, encrypted := conn.(*tls.Conn)
		if answer, ok := s.replies[verb]; ok {
			if answer == "hang" {
				_, _ = r.ReadString('\n')
				return
			}
			say(answer)
			continue
		}
		switch verb {
		case "EHLO":
			say("250-test")
			if s.offer && !encrypted {
				say("250-STARTTLS")
			}
			if encrypted {
				say("250-AUTH PLAIN")
			}
			say("250 8BITMIME")
		case "STARTTLS":
			say("220 go on")
			conn = tls.Server(conn, s.tls)
			r = bufio.NewReader(conn)
		case "AUTH":
			s.note(&s.users, line)
			say("235 welcome")
		case "RCPT":
			s.note(&s.rcpt, line)
			say("250 ok")
		case "DATA":
			say("354 go on")
			var mail strings.Builder
			for {
				l, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if l == ".\r\n" {
					break
				}
				mail.WriteString(strings.TrimPrefix(l, "."))
			}
			s.note(&s.mails, mail.String())
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *server) note(to *[]string, v string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*to = append(*to, v)
}

func build(t *testing.T, s *server, roots *x509.CertPool, c config.Receiver) alerts.Notifier {
	t.Helper()
	c.Address, c.From = s.address, "Leakwatch <leakwatch@example.test>"
	if c.To == nil {
		c.To = []string{"soc@example.test", "On Call <oncall@example.test>"}
	}
	n := notifytest.Must(t)(New(c, alerts.Deps{})).(*Notifier)
	n.roots = &tls.Config{RootCAs: roots}
	return n
}

// parts returns the decoded parts of a mail by media type.
func parts(t *testing.T, m *mail.Message) map[string]string {
	t.Helper()
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		body, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		out[kind] = string(body)
	}
}

func TestAMailHasTheNotificationsIDAndInertParts(t *testing.T) {
	s, roots := serve(t, false, true, nil)
	n, m := build(t, s, roots, config.Receiver{Username: "u", Password: config.NewSecret("mail-password")}), notifytest.Sample()
	for range 2 {
		if a, err := n.Send(context.Background(), m); err != nil || a.Status != 250 {
			t.Fatal(a, err)
		}
	}
	if len(s.mails) != 2 || len(s.users) != 2 || len(s.rcpt) != 4 {
		t.Fatalf("%d mails, %d logins, %d recipients", len(s.mails), len(s.users), len(s.rcpt))
	}
	for _, raw := range s.mails {
		got, err := mail.ReadMessage(strings.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if id := got.Header.Get("Message-ID"); id != "<"+m.ID+"@example.test>" {
			t.Errorf("Message-ID %s", id)
		}
		if len(got.Header["Subject"]) != 1 || got.Header.Get("List-Id") == "" || got.Header.Get("Auto-Submitted") != "auto-generated" {
			t.Errorf("headers %v", got.Header)
		}
		p := parts(t, got)
		if !strings.Contains(p["text/plain"], "https://console.test/alerts/"+m.Alerts[0].ID) {
			t.Errorf("no link in %q", p["text/plain"])
		}
		for _, active := range []string{"<script", "<b>bold", `href="https://evil`, "<at "} {
			if strings.Contains(p["text/html"], active) {
				t.Errorf("%q is active in %q", active, p["text/html"])
			}
		}
	}
}

func TestASubjectCannotAddHeaders(t *testing.T) {
	s, roots := serve(t, true, false, nil)
	m := notifytest.Many(1)
	m.Alerts[0].Title = "x\r\nBcc: evil@evil.test\r\n\r\nbody"
	if _, err := build(t, s, roots, config.Receiver{TLS: "implicit"}).Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	got, err := mail.ReadMessage(strings.NewReader(s.mails[0]))
	if err != nil || got.Header.Get("Bcc") != "" || !strings.Contains(got.Header.Get("Subject"), "Bcc") {
		t.Errorf("headers %v, error %v", got.Header, err)
	}
}

func TestAServerWithoutTLSIsRefusedUnlessTheConfigAllowsIt(t *testing.T) {
	s, roots := serve(t, false, false, nil)
	if _, err := build(t, s, roots, config.Receiver{}).Send(context.Background(), notifytest.Many(1)); err == nil {
		t.Error("a mail was sent in clear")
	}
	if _, err := build(t, s, roots, config.Receiver{TLS: "none"}).Send(context.Background(), notifytest.Many(1)); err != nil {
		t.Error(err)
	}
}

func TestAnswersAreJudged(t *testing.T) {
	for name, c := range map[string]struct {
		replies map[string]string
		want    notifytest.Verdict
	}{
		"an unknown recipient":    {map[string]string{"RCPT": "550 5.1.1 no such user"}, notifytest.Permanent},
		"a full mailbox":          {map[string]string{"RCPT": "452 4.2.2 over quota"}, notifytest.Again},
		"a refused sender":        {map[string]string{"MAIL": "553 5.7.1 not yours"}, notifytest.Permanent},
		"a busy server":           {map[string]string{"EHLO": "421 4.3.2 later", "HELO": "421 4.3.2 later"}, notifytest.Again},
		"a failure after sending": {map[string]string{"RSET": "451 4.3.0 what"}, notifytest.OK},
	} {
		s, roots := serve(t, false, true, c.replies)
		_, err := build(t, s, roots, config.Receiver{}).Send(context.Background(), notifytest.Many(1))
		if got := notifytest.Judge(err); got != c.want {
			t.Errorf("%s: %s, error %v; want %s", name, got, err, c.want)
		}
	}
}

func TestAServerThatHangsIsLeftWhenTheTimeIsOver(t *testing.T) {
	s, roots := serve(t, false, true, map[string]string{"MAIL": "hang"})
	ctx, cancel := context.WithCancel(context.Background())
	n := build(t, s, roots, config.Receiver{})
	done := make(chan error)
	go func() {
		_, err := n.Send(ctx, notifytest.Many(1))
		done <- err
	}()
	cancel()
	if err := <-done; err == nil {
		t.Error("delivered to a server that hangs")
	}
}

func TestThePasswordIsInNoError(t *testing.T) {
	s, roots := serve(t, false, true, map[string]string{"AUTH": "535 5.7.8 bad password mail-password"})
	a, err := build(t, s, roots, config.Receiver{Username: "u", Password: config.NewSecret("mail-password")}).Send(context.Background(), notifytest.Many(1))
	if err == nil || strings.Contains(a.Text+err.Error(), "mail-password") {
		t.Errorf("answer %v, error %v", a, err)
	}
}

func TestFaultyKeysAreReported(t *testing.T) {
	good := config.Receiver{Address: "mail.test:587", From: "a@b.test", To: []string{"c@d.test"}}
	for name, c := range map[string]struct {
		change func(*config.Receiver)
		key    string
	}{
		"no port":            {func(r *config.Receiver) { r.Address = "mail.test" }, "address"},
		"no sender":          {func(r *config.Receiver) { r.From = "" }, "from"},
		"no recipient":       {func(r *config.Receiver) { r.To = nil }, "to"},
		"an injected header": {func(r *config.Receiver) { r.To = []string{"c@d.test\r\nBcc: e@f.test"} }, "to"},
		"an injected rcpt":   {func(r *config.Receiver) { r.To = []string{"c@d.test> RCPT TO:<e@f.test"} }, "to"},
		"an unknown TLS":     {func(r *config.Receiver) { r.TLS = "ssl" }, "tls"},
		"no password":        {func(r *config.Receiver) { r.Username = "u" }, "password"},
	} {
		r := good
		r.To = slices.Clone(good.To)
		c.change(&r)
		if Validate(r)[c.key] == nil {
			t.Errorf("%s passes", name)
		}
	}
	if f := Validate(good); len(f) != 0 {
		t.Errorf("a good config has faults %v", f)
	}
}
