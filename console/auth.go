package console

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/leakwatch/leakwatch/indexer"
	"golang.org/x/crypto/argon2"
)

// Role says what a user may do.
type Role string

// The roles, each may do what those before it may.
const (
	Viewer  Role = "viewer"  // read
	Analyst Role = "analyst" // act on alerts, silences and exceptions
	Admin   Role = "admin"   // users, receivers, audit
)

// Roles returns all roles from the least to the most.
func Roles() []Role { return []Role{Viewer, Analyst, Admin} }

// covers reports whether a user of role r may use what needs role need.
func (r Role) covers(need Role) bool {
	return need == "" || slices.Index(Roles(), r) >= slices.Index(Roles(), need)
}

// User is a user of the console.
type User struct {
	Name     string    `json:"name"`
	Role     Role      `json:"role"`
	Password string    `json:"password"` // argon2id in PHC form
	Created  time.Time `json:"created"`
	Since    time.Time `json:"since"` // when the password was set: older sessions are over
}

// Buckets of the state.
const (
	userBucket    = "users"
	sessionBucket = "sessions"
	setupBucket   = "setup"
)

// Life of a session.
const (
	sessionIdle = 12 * time.Hour
	sessionMax  = 7 * 24 * time.Hour
)

type session struct {
	User    string    `json:"user"`
	Created time.Time `json:"created"`
	Used    time.Time `json:"used"`
}

var (
	errNoSession = errors.New("no session")
	nameShape    = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$`)
)

// Length of a password in bytes.
const (
	minPassword = 10
	maxPassword = 1024
)

// checkUser says what is wrong with the name, role or password of a user.
func checkUser(name string, role Role, password string) error {
	switch {
	case !nameShape.MatchString(name):
		return &pageError{http.StatusBadRequest, "A user name has 1 to 64 letters, digits, dots, dashes, underscores or @."}
	case !slices.Contains(Roles(), role):
		return &pageError{http.StatusBadRequest, fmt.Sprintf("The role is one of %v.", Roles())}
	case password != "" && len(password) < minPassword:
		return &pageError{http.StatusBadRequest, fmt.Sprintf("A password has at least %d characters.", minPassword)}
	case len(password) > maxPassword:
		return &pageError{http.StatusBadRequest, fmt.Sprintf("A password has at most %d characters.", maxPassword)}
	}
	return nil
}

// SaveUser creates a user or changes role and, if it is not empty, password.
// A new password ends the sessions of its user.
func SaveUser(ctx context.Context, state indexer.State, name string, role Role, password string, now time.Time) error {
	if err := checkUser(name, role, password); err != nil {
		return err
	}
	e, err := state.Load(ctx, userBucket, name)
	user := User{Name: name, Created: now}
	switch {
	case errors.Is(err, indexer.ErrNotFound):
		if password == "" {
			return &pageError{http.StatusBadRequest, "A new user needs a password."}
		}
	case err != nil:
		return fmt.Errorf("load user: %w", err)
	default:
		if err := json.Unmarshal(e.Value, &user); err != nil {
			return fmt.Errorf("load user: %w", err)
		}
	}
	user.Role = role
	if password != "" {
		user.Since = now
		if user.Password, err = hashPassword(password); err != nil {
			return err
		}
	}
	value, err := json.Marshal(user)
	if err != nil {
		return fmt.Errorf("save user: %w", err)
	}
	if e.Version == (indexer.Version{}) {
		_, err = state.Create(ctx, userBucket, indexer.Entry{Key: name, Value: value})
	} else {
		_, err = state.Swap(ctx, userBucket, indexer.Entry{Key: name, Value: value, Version: e.Version})
	}
	if err != nil {
		return fmt.Errorf("save user: %w", err)
	}
	return nil
}

// RemoveUser removes a user; its sessions end with it.
func RemoveUser(ctx context.Context, state indexer.State, name string) error {
	e, err := state.Load(ctx, userBucket, name)
	if err != nil {
		return fmt.Errorf("remove user %s: %w", name, err)
	}
	return state.Remove(ctx, userBucket, name, e.Version)
}

// Users returns all users by name, at most 10,000.
func Users(ctx context.Context, state indexer.State) ([]User, error) {
	entries, err := state.Scan(ctx, userBucket, indexer.Scan{Limit: 10_000})
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	users := make([]User, len(entries))
	for i, e := range entries {
		if err := json.Unmarshal(e.Value, &users[i]); err != nil {
			return nil, fmt.Errorf("list users: %w", err)
		}
	}
	return users, nil
}

// SetupLink returns the path of the one-time link that makes the first admin,
// "" if there are users already. Each call makes the links before invalid.
func (s *Server) SetupLink(ctx context.Context) (string, error) {
	if s.o.Open {
		return "", nil
	}
	users, err := Users(ctx, s.o.Engine)
	if err != nil || len(users) > 0 {
		return "", err
	}
	token, hash, err := newToken()
	if err != nil {
		return "", err
	}
	value, err := json.Marshal(hash)
	if err != nil {
		return "", fmt.Errorf("make set-up link: %w", err)
	}
	e, err := s.o.Engine.Load(ctx, setupBucket, "token")
	if errors.Is(err, indexer.ErrNotFound) {
		_, err = s.o.Engine.Create(ctx, setupBucket, indexer.Entry{Key: "token", Value: value})
	} else if err == nil {
		_, err = s.o.Engine.Swap(ctx, setupBucket, indexer.Entry{Key: "token", Value: value, Version: e.Version})
	}
	if err != nil {
		return "", fmt.Errorf("make set-up link: %w", err)
	}
	return "/setup?token=" + token, nil
}

func newToken() (token, hash string, err error) {
	b := make([]byte, 32)
	if _, err := rand.Read(b); err != nil {
		return "", "", fmt.Errorf("make token: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(b)
	return token, hashToken(token), nil
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func (s *Server) cookieName() string {
	if s.secure {
		return "__Host-leakwatch"
	}
	return "leakwatch"
}

// who returns the user of a request, or errNoSession. With touch the request
// counts as use of the session.
func (s *Server) who(r *http.Request, touch bool) (User, error) {
	if s.o.Open {
		return User{Name: "demo", Role: Admin}, nil
	}
	c, err := r.Cookie(s.cookieName())
	if err != nil {
		return User{}, errNoSession
	}
	x, err := s.session(r.Context(), hashToken(c.Value), touch)
	if err != nil {
		return User{}, err
	}
	user, err := s.user(r.Context(), x.User)
	switch {
	case errors.Is(err, indexer.ErrNotFound):
		return User{}, errNoSession
	case err != nil:
		return User{}, err
	case x.Created.Before(user.Since), x.Created.Before(user.Created):
		return User{}, errNoSession // of an older password, or of a namesake
	}
	return user, nil
}

// session returns the session of a key, or errNoSession.
func (s *Server) session(ctx context.Context, key string, touch bool) (session, error) {
	var x session
	e, err := s.o.Engine.Load(ctx, sessionBucket, key)
	if errors.Is(err, indexer.ErrNotFound) {
		return x, errNoSession
	}
	if err != nil {
		return x, fmt.Errorf("load session: %w", err)
	}
	if err := json.Unmarshal(e.Value, &x); err != nil {
		return x, fmt.Errorf("load session: %w", err)
	}
	now := s.o.Now()
	if now.Sub(x.Used) > sessionIdle || now.Sub(x.Created) > sessionMax {
		_ = s.o.Engine.Remove(ctx, sessionBucket, key, e.Version) // over anyway
		return x, errNoSession
	}
	if touch && now.Sub(x.Used) > time.Minute {
		x.Used = now
		if value, err := json.Marshal(x); err == nil {
			_, _ = s.o.Engine.Swap(ctx, sessionBucket, indexer.Entry{Key: key, Value: value, Version: e.Version, Due: x.Created.Add(sessionMax)})
		}
	}
	return x, nil
}

// user returns a user, or an error that wraps indexer.ErrNotFound.
func (s *Server) user(ctx context.Context, name string) (User, error) {
	var user User
	e, err := s.o.Engine.Load(ctx, userBucket, name)
	if err == nil {
		err = json.Unmarshal(e.Value, &user)
	}
	if err != nil {
		return User{}, fmt.Errorf("load user: %w", err)
	}
	return user, nil
}

// startSession logs a user in.
func (s *Server) startSession(w http.ResponseWriter, r *request, user string) error {
	token, hash, err := newToken()
	if err != nil {
		return err
	}
	now := s.o.Now()
	value, err := json.Marshal(session{User: user, Created: now, Used: now})
	if err != nil {
		return fmt.Errorf("start session: %w", err)
	}
	if _, err := s.o.Engine.Create(r.Context(), sessionBucket, indexer.Entry{Key: hash, Value: value, Due: now.Add(sessionMax)}); err != nil {
		return fmt.Errorf("start session: %w", err)
	}
	http.SetCookie(w, &http.Cookie{Name: s.cookieName(), Value: token, Path: "/", HttpOnly: true, Secure: s.secure,
		SameSite: http.SameSiteLaxMode, MaxAge: int(sessionMax.Seconds())})
	return nil
}

type loginPage struct {
	page
	To    string
	Name  string
	Error string
	Token string // of the set-up link
}

func (s *Server) loginForm(w http.ResponseWriter, r *request) error {
	s.render(w, r, http.StatusOK, "login.tmpl", loginPage{page: s.page(r, "Log in"), To: r.FormValue("to")})
	return nil
}

func (s *Server) login(w http.ResponseWriter, r *request) error {
	name, password := r.PostFormValue("name"), r.PostFormValue("password")
	address, _, _ := net.SplitHostPort(r.RemoteAddr)
	if !nameShape.MatchString(name) {
		name = "" // nobody's; it is not kept
	}
	again := func(status int, why string) error {
		s.render(w, r, status, "login.tmpl", loginPage{page: s.page(r, "Log in"), To: r.FormValue("to"), Name: r.PostFormValue("name"), Error: why})
		return nil
	}
	if !s.logins.allow(address) || !s.logins.allow("user "+name) {
		return again(http.StatusTooManyRequests, "Too many attempts. Wait a minute.")
	}
	user, err := s.user(r.Context(), name)
	if err != nil && !errors.Is(err, indexer.ErrNotFound) {
		return err
	}
	known := err == nil
	if !known {
		user.Password = decoyHash
	}
	s.hashes <- struct{}{}
	ok := checkPassword(user.Password, password)
	<-s.hashes
	if !ok || !known {
		if !known {
			name = "an unknown name" // it may be a password in the wrong field
		}
		s.audit(r, "login_failed", name, "")
		return again(http.StatusUnauthorized, "Name and password do not fit.")
	}
	s.logins.forget("user " + name)
	if err := s.startSession(w, r, name); err != nil {
		return err
	}
	r.user = user
	s.audit(r, "login", name, "")
	return s.back(w, r, r.FormValue("to"), "")
}

func (s *Server) logout(w http.ResponseWriter, r *request) error {
	if c, err := r.Cookie(s.cookieName()); err == nil {
		key := hashToken(c.Value)
		if e, err := s.o.Engine.Load(r.Context(), sessionBucket, key); err == nil {
			if err := s.o.Engine.Remove(r.Context(), sessionBucket, key, e.Version); err != nil {
				return fmt.Errorf("log out: %w", err)
			}
		}
	}
	http.SetCookie(w, &http.Cookie{Name: s.cookieName(), Path: "/", HttpOnly: true, Secure: s.secure, MaxAge: -1})
	http.Redirect(w, r.Request, "/login", http.StatusSeeOther)
	return nil
}

func (s *Server) setupForm(w http.ResponseWriter, r *request) error {
	if err := s.checkSetup(r); err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, "setup.tmpl", loginPage{page: s.page(r, "First admin"), Token: r.FormValue("token")})
	return nil
}

var errLinkGone = &pageError{http.StatusGone, "This link is used up or was replaced by a newer one. Restart leakwatch for a new link; if there is an admin already, ask for an account."}

// checkSetup lets only the newest set-up link through, and only while there
// is no user.
func (s *Server) checkSetup(r *request) error {
	users, err := Users(r.Context(), s.o.Engine)
	if err != nil {
		return err
	}
	e, err := s.o.Engine.Load(r.Context(), setupBucket, "token")
	if errors.Is(err, indexer.ErrNotFound) || len(users) > 0 {
		return errLinkGone
	}
	if err != nil {
		return fmt.Errorf("load set-up link: %w", err)
	}
	var hash string
	if err := json.Unmarshal(e.Value, &hash); err != nil {
		return fmt.Errorf("load set-up link: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(hash), []byte(hashToken(r.FormValue("token")))) != 1 {
		return errLinkGone
	}
	return nil
}

func (s *Server) setup(w http.ResponseWriter, r *request) error {
	if err := s.checkSetup(r); err != nil {
		return err
	}
	name := r.PostFormValue("name")
	password := r.PostFormValue("password")
	err := checkUser(name, Admin, password)
	if err == nil && password == "" {
		err = &pageError{http.StatusBadRequest, "A new user needs a password."}
	}
	var pe *pageError
	if errors.As(err, &pe) {
		s.render(w, r, pe.status, "setup.tmpl", loginPage{page: s.page(r, "First admin"), Token: r.FormValue("token"), Name: name, Error: pe.text})
		return nil
	}
	// The link is used up first, so that of two who use it at once one wins.
	e, err := s.o.Engine.Load(r.Context(), setupBucket, "token")
	if err == nil {
		err = s.o.Engine.Remove(r.Context(), setupBucket, "token", e.Version)
	}
	if errors.Is(err, indexer.ErrNotFound) || errors.Is(err, indexer.ErrConflict) {
		return errLinkGone
	}
	if err != nil {
		return fmt.Errorf("use up the set-up link: %w", err)
	}
	if err := SaveUser(r.Context(), s.o.Engine, name, Admin, password, s.o.Now()); err != nil {
		return err
	}
	if err := s.startSession(w, r, name); err != nil {
		return err
	}
	r.user = User{Name: name, Role: Admin}
	s.audit(r, "setup", name, "")
	return s.back(w, r, "/", "Welcome. Further users are made under Users.")
}

// Cost of argon2id: the floor that OWASP names (19 MiB, two passes).
const (
	argonMemory = 19 << 10 // KiB
	argonTime   = 2
)

// decoyHash is compared with where there is no such user, so that the time of
// an answer does not tell.
const decoyHash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func hashPassword(password string) (string, error) {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	sum := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, 1, 32)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, argonMemory, argonTime, b64.EncodeToString(salt), b64.EncodeToString(sum)), nil
}

func checkPassword(hash, password string) bool {
	var memory, passes uint32
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || len(password) > maxPassword {
		return false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=1", &memory, &passes); err != nil || memory > 1<<20 || passes == 0 || passes > 16 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || err2 != nil {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, 1, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// limiter lets five attempts a minute through per key.
type limiter struct {
	now func() time.Time

	mu   sync.Mutex // protects seen
	seen map[string][]time.Time
}

func newLimiter(now func() time.Time) *limiter {
	return &limiter{now: now, seen: map[string][]time.Time{}}
}

const (
	maxAttempts = 5
	maxKeys     = 10_000
)

func (l *limiter) allow(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if len(l.seen) > maxKeys {
		clear(l.seen)
	}
	recent := slices.DeleteFunc(l.seen[key], func(t time.Time) bool { return now.Sub(t) > time.Minute })
	if len(recent) >= maxAttempts {
		l.seen[key] = recent
		return false
	}
	l.seen[key] = append(recent, now)
	return true
}

func (l *limiter) forget(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.seen, key)
}
