package app

import (
	"fmt"
	"reflect"

	"github.com/leakwatch/leakwatch/config"
)

// ReloadFile reads the config again. A faulty one is logged and the old one
// stays. What needs a restart is named.
func (a *App) ReloadFile() {
	if err := a.Reload(); err != nil {
		a.log.Error("the config was not taken over; the old one stays", "error", err)
		return
	}
	a.log.Info("took over the config", "file", a.opt.ConfigPath, "rules", a.detector().Version(), "own_rules", a.detector().Lexicon().Own())
}

// Reload reads the config again, with the files it names, and takes over
// sources, watches, receivers, routes, silences, lists, currencies and rules
// as one; on an error nothing changes. Listings that are stored keep what was
// read of them; what is fetched from now on is read with the new rules.
func (a *App) Reload() error {
	a.reload.Lock()
	defer a.reload.Unlock()
	cfg, err := LoadConfig(a.opt.ConfigPath)
	if err != nil {
		return err
	}
	before := a.current.Load()
	old := before.config
	if fixed := needRestart(old, cfg); len(fixed) > 0 {
		a.log.Warn("these parts of the config take effect at the next start", "keys", fixed)
	}
	set, err := a.settingsOf(cfg)
	if err != nil {
		return err
	}
	receivers, err := a.alertSettings(cfg)
	if err != nil {
		return err
	}
	a.current.Store(set) // first: alerts parses the queries with the new lists
	if err := a.alerts.Reload(receivers); err != nil {
		a.current.Store(before)
		return fmt.Errorf("take over watches: %w", err)
	}
	a.ticks.Wake()
	return nil
}

func needRestart(old, now *config.Config) []string {
	var keys []string
	for key, differ := range map[string]bool{
		"index":   !reflect.DeepEqual(old.Index, now.Index),
		"console": old.Console != now.Console,
		"keys":    old.Keys != now.Keys,
		"crawler": old.Crawler != now.Crawler,
	} {
		if differ {
			keys = append(keys, key)
		}
	}
	return keys
}
