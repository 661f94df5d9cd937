package app

import (
	"context"
	"net/http"
	"time"

	"github.com/leakwatch/leakwatch/alerts"
	"github.com/leakwatch/leakwatch/crawler"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are counted as things happen, or read from the index when asked.
// Labels are ids of the config and closed words, never addresses.
type metrics struct {
	registry *prometheus.Registry
	a        *App
	listings *prometheus.CounterVec // by result
	hits     prometheus.Counter
	alerts   prometheus.Counter
	crawls   *prometheus.CounterVec // by source and health
	requests *prometheus.CounterVec // by source
	seconds  *prometheus.HistogramVec

	lastSuccess, health, pending, dead, failing *prometheus.Desc
}

func newMetrics(a *App) *metrics {
	m := &metrics{registry: prometheus.NewRegistry(), a: a,
		listings:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "leakwatch_listings_total", Help: "Listings read, by what became of them."}, []string{"result"}),
		hits:        prometheus.NewCounter(prometheus.CounterOpts{Name: "leakwatch_hits_total", Help: "New or changed listings in which something is offered."}),
		alerts:      prometheus.NewCounter(prometheus.CounterOpts{Name: "leakwatch_alerts_total", Help: "Alerts made, silenced ones included."}),
		crawls:      prometheus.NewCounterVec(prometheus.CounterOpts{Name: "leakwatch_crawls_total", Help: "Crawls that came to their end, by the health they found."}, []string{"source", "health"}),
		requests:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "leakwatch_requests_total", Help: "Requests sent to a source."}, []string{"source"}),
		seconds:     prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "leakwatch_crawl_seconds", Help: "How long crawls took.", Buckets: prometheus.ExponentialBuckets(0.1, 3, 10)}, []string{"source"}),
		lastSuccess: prometheus.NewDesc("leakwatch_source_last_success_timestamp_seconds", "Start of the last crawl that can be trusted.", []string{"source"}, nil),
		health:      prometheus.NewDesc("leakwatch_source_ok", "1 if the last crawl of a source can be trusted.", []string{"source"}, nil),
		pending:     prometheus.NewDesc("leakwatch_outbox_waiting", "Notifications that wait for their delivery.", []string{"receiver"}, nil),
		dead:        prometheus.NewDesc("leakwatch_outbox_dead", "Notifications that were given up.", []string{"receiver"}, nil),
		failing:     prometheus.NewDesc("leakwatch_receiver_failing_since_timestamp_seconds", "When a receiver began to fail; 0 if it does not.", []string{"receiver"}, nil),
	}
	m.registry.MustRegister(m.listings, m.hits, m.alerts, m.crawls, m.requests, m.seconds, m,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}

func (m *metrics) ingested(r alerts.Result) {
	for result, n := range map[string]int{"new": r.New, "changed": r.Changed, "unchanged": r.Unchanged, "refused": r.Refused} {
		m.listings.WithLabelValues(result).Add(float64(n))
	}
	m.hits.Add(float64(r.Hits))
	m.alerts.Add(float64(r.Alerts))
}

func (m *metrics) crawled(r crawler.Report) {
	m.crawls.WithLabelValues(r.Source, string(r.Health)).Inc()
	m.requests.WithLabelValues(r.Source).Add(float64(r.Requests))
	m.seconds.WithLabelValues(r.Source).Observe(r.Took.Seconds())
}

// Describe implements prometheus.Collector.
func (m *metrics) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.lastSuccess, m.health, m.pending, m.dead, m.failing} {
		out <- d
	}
}

// Collect implements prometheus.Collector: it reads the state of sources and
// receivers from the index.
func (m *metrics) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	sources, err := m.a.Sources(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(m.health, err)
		return
	}
	gauge := func(d *prometheus.Desc, v float64, label string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, label)
	}
	for _, s := range sources {
		ok := 0.0
		if s.Health == crawler.OK || s.Health == crawler.Partial {
			ok = 1
		}
		if s.Health != "" {
			gauge(m.health, ok, s.ID)
		}
		if !s.LastGood.IsZero() {
			gauge(m.lastSuccess, float64(s.LastGood.Unix()), s.ID)
		}
	}
	receivers, err := m.a.alerts.Receivers(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(m.pending, err)
		return
	}
	for _, r := range receivers {
		gauge(m.pending, float64(r.Pending), r.Name)
		gauge(m.dead, float64(r.Dead), r.Name)
		since := 0.0
		if !r.FailingSince.IsZero() {
			since = float64(r.FailingSince.Unix())
		}
		gauge(m.failing, since, r.Name)
	}
}
