package app

import (
	"context"
	"time"

	"github.com/leakwatch/leakwatch/console"
)

// ConsoleUser is a user without the hash of the password.
type ConsoleUser struct {
	Name    string    `json:"name"`
	Role    string    `json:"role"`
	Created time.Time `json:"created"`
}

// Users returns the users of the console by name.
func (a *App) Users(ctx context.Context) ([]ConsoleUser, error) {
	all, err := console.Users(ctx, a.engine)
	out := make([]ConsoleUser, len(all))
	for i, u := range all {
		out[i] = ConsoleUser{u.Name, string(u.Role), u.Created}
	}
	return out, err
}

// SaveUser adds a user or changes role and, if it is not empty, password.
func (a *App) SaveUser(ctx context.Context, name string, role console.Role, password string) error {
	return console.SaveUser(ctx, a.engine, name, role, password, time.Now())
}

// RemoveUser removes a user and ends its sessions.
func (a *App) RemoveUser(ctx context.Context, name string) error {
	return console.RemoveUser(ctx, a.engine, name)
}
