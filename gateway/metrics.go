package gateway

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"lisgate/gateway/journal"
	"lisgate/gateway/lis"
)

// metrics are what /metrics shows. None of them names a person.
type metrics struct {
	requests   *prometheus.CounterVec
	latency    *prometheus.HistogramVec
	faults     *prometheus.CounterVec
	limits     *prometheus.CounterVec
	deviations *prometheus.CounterVec
	attempts   *prometheus.CounterVec
	attempt    *prometheus.HistogramVec
	paused     *prometheus.GaugeVec
	standing   *prometheus.GaugeVec
	stale      *prometheus.GaugeVec
	age        *prometheus.GaugeVec
	flows      *prometheus.GaugeVec
}

func newMetrics(r prometheus.Registerer, store journal.Store) *metrics {
	m := &metrics{
		requests:   counter("lisgate_requests_total", "LIS requests answered.", "service", "operation", "status"),
		latency:    histogram("lisgate_request_seconds", "Time from the first byte of a LIS request to its answer.", "service", "operation"),
		faults:     counter("lisgate_faults_total", "Requests answered with a SOAP fault.", "code"),
		limits:     counter("lisgate_over_limit_total", "Requests refused because of a limit.", "limit"),
		deviations: counter("lisgate_deviations_total", "Departures from the contract that were taken.", "caller", "rule"),
		attempts:   counter("lisgate_delivery_attempts_total", "Attempts to deliver a change.", "target", "outcome"),
		attempt:    histogram("lisgate_delivery_attempt_seconds", "Time of an attempt to deliver a change.", "target"),
		paused: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "lisgate_target_pause_seconds",
			Help: "How long a target is left alone because it does not answer; 0 when it does."}, []string{"target"}),
	}
	m.standing = gauge("lisgate_queue_standing", "Changes that wait for a target: parked for a parent, held for a person, failed and to be tried again.", "target", "state")
	m.stale = gauge("lisgate_alarm", "1 while a target or a feed is not fresh, or something is parked at a target for too long.", "what")
	m.age = gauge("lisgate_target_oldest_seconds", "How long the oldest change has waited for a target that is neither parked nor held.", "target")
	m.flows = gauge("lisgate_flow_standing", "Changes of a source or caller that have not come through to a target: waiting, parked, held, refused; of many the oldest only.", "source", "target", "state")
	r.MustRegister(m.requests, m.latency, m.faults, m.limits, m.deviations, m.attempts, m.attempt, m.paused, m.standing, m.stale, m.age, m.flows, &queues{store})
	return m
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func gauge(name, help string, labels ...string) *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
}

// stand tells what is in the queue of a target.
func (m *metrics) stand(target string, s journal.Standing, oldest time.Duration) {
	for state, n := range map[string]int64{"parked": s.Parked, "held": s.Held, "failed": s.Failed} {
		m.standing.WithLabelValues(target, state).Set(float64(n))
	}
	m.age.WithLabelValues(target).Set(oldest.Seconds())
}

// flow tells what stands between sources and targets.
func (m *metrics) flow(all []flow) {
	m.flows.Reset()
	for i := range all {
		f := &all[i]
		for state, n := range map[string]int64{"waiting": f.Waiting, "parked": f.Parked, "held": f.Held, "refused": f.Refused} {
			m.flows.WithLabelValues(f.Source, f.Target, state).Set(float64(n))
		}
	}
}

// alarm tells whether something is not fresh.
func (m *metrics) alarm(what string, raised bool) {
	value := 0.0
	if raised {
		value = 1
	}
	m.stale.WithLabelValues(what).Set(value)
}

func histogram(name, help string, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help,
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5, 30}}, labels)
}

// Answered counts a LIS request.
func (m *metrics) Answered(service lis.Service, operation string, st lis.Status, took time.Duration) {
	status := string(st.CodeMinor)
	m.requests.WithLabelValues(string(service), operation, status).Inc()
	m.latency.WithLabelValues(string(service), operation).Observe(took.Seconds())
}

// Faulted counts a SOAP fault.
func (m *metrics) Faulted(code string) { m.faults.WithLabelValues(code).Inc() }

// OverLimit counts a refusal because of a limit.
func (m *metrics) OverLimit(limit string) { m.limits.WithLabelValues(limit).Inc() }

// Deviated counts a departure from the contract.
func (m *metrics) Deviated(caller, rule string, times int) {
	m.deviations.WithLabelValues(caller, rule).Add(float64(times))
}

// Attempted counts an attempt to deliver.
func (m *metrics) Attempted(target, outcome string, took time.Duration) {
	m.attempts.WithLabelValues(target, outcome).Inc()
	m.attempt.WithLabelValues(target).Observe(took.Seconds())
}

// Paused tells how long a target is left alone.
func (m *metrics) Paused(target string, pause time.Duration) {
	m.paused.WithLabelValues(target).Set(pause.Seconds())
}

// queues reads the depth and age of the queues when somebody asks.
type queues struct{ store journal.Store }

var (
	queueDepth = prometheus.NewDesc("lisgate_queue_depth", "Changes that wait for a target.", []string{"target", "kind"}, nil)
	queueSent  = prometheus.NewDesc("lisgate_changes", "Changes for a target: sent is all there were, applied those that it has. Sent = applied + dead letters + depth.", []string{"target", "kind", "state"}, nil)
	queueAge   = prometheus.NewDesc("lisgate_queue_age_seconds", "How long the oldest change that waits for a target has waited; 0 when none does.", []string{"target"}, nil)
	queueDead  = prometheus.NewDesc("lisgate_dead_letters", "Changes that a target refused; a person must look.", []string{"target", "kind"}, nil)
)

// Describe names the metrics.
func (q *queues) Describe(c chan<- *prometheus.Desc) {
	c <- queueDepth
	c <- queueAge
	c <- queueDead
	c <- queueSent
}

// Collect reads them. A journal that cannot be read now shows none.
func (q *queues) Collect(c chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	snap, err := q.store.Snapshot(ctx)
	if err != nil {
		return
	}
	rows, err := snap.Balance()
	snap.Close()
	if err != nil {
		return
	}
	targets := map[string]bool{}
	for _, b := range rows {
		c <- prometheus.MustNewConstMetric(queueDepth, prometheus.GaugeValue, float64(b.Waiting), b.Target, string(b.Kind))
		c <- prometheus.MustNewConstMetric(queueDead, prometheus.GaugeValue, float64(b.Dead), b.Target, string(b.Kind))
		c <- prometheus.MustNewConstMetric(queueSent, prometheus.GaugeValue, float64(b.Sent), b.Target, string(b.Kind), "sent")
		c <- prometheus.MustNewConstMetric(queueSent, prometheus.GaugeValue, float64(b.Applied), b.Target, string(b.Kind), "applied")
		targets[b.Target] = true
	}
	for target := range targets {
		oldest, waits, err := q.store.Oldest(ctx, target)
		if err != nil {
			continue
		}
		age := 0.0
		if waits {
			age = max(0, time.Since(oldest).Seconds())
		}
		c <- prometheus.MustNewConstMetric(queueAge, prometheus.GaugeValue, age, target)
	}
}
