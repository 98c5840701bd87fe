package kafka

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// TestWindowModel compares a window with a list of all that was executed. The
// window is made from a part of itself now and then, as by a snapshot and the
// events behind it.
func TestWindowModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 1))
		l := windowLimits{size: 1 + random.IntN(6), refuse: random.IntN(2) == 0}
		if random.IntN(2) == 0 {
			l.age = time.Duration(1+random.IntN(20)) * time.Millisecond
		}
		m := &windowModel{limits: l, now: time.UnixMilli(1_700_000_000_000).UTC()}
		commands, reload, checked := 60, 4, 60
		if seed%20 == 0 { // long enough to be sieved, and to forget
			commands, reload, checked = 5*l.kept(), 3*l.kept(), 2*l.size
		}
		for range commands {
			m.now = m.now.Add(time.Duration(random.IntN(4)) * time.Millisecond) // often none
			m.execute(fmt.Sprintf("%08x-%04x-7%03x-8000-%012x", m.now.UnixMilli()>>16, m.now.UnixMilli()&0xffff, 0, len(m.all)), 1+random.IntN(3))
			if random.IntN(reload) == 0 {
				m.reload(random.IntN(3))
			}
			for _, c := range m.all[max(0, len(m.all)-checked):] {
				if err := m.check(c); err != nil {
					t.Fatalf("seed %d, %+v: %v", seed, l, err)
				}
			}
		}
	}
}

type windowModel struct {
	limits windowLimits
	now    time.Time
	all    []executed // oldest first
	window window
}

type executed struct {
	id      string
	number  int
	outcome record.Outcome
}

func (m *windowModel) execute(id string, events int) {
	first := uint64(1)
	if n := len(m.all); n > 0 {
		first = m.all[n-1].outcome.Last + 1
	}
	o := record.Outcome{Hash: record.CommandHash(id), First: first, Last: first + uint64(events) - 1, Offset: -1, Time: m.now}
	m.window.add(o, m.limits)
	o.Offset = int64(o.Last) * 2
	m.window.settle(first, o.Offset)
	m.all = append(m.all, executed{id: id, number: len(m.all), outcome: o})
}

// reload makes the window from what it was some commands ago, and those since.
func (m *windowModel) reload(since int) {
	since = min(since, len(m.all))
	var before, after window
	for _, c := range m.all[:len(m.all)-since] {
		before.add(c.outcome, m.limits)
	}
	for _, o := range before.newest(m.limits.size).outcomes {
		after.add(o, m.limits)
	}
	for _, c := range m.all[len(m.all)-since:] {
		after.add(c.outcome, m.limits)
	}
	m.window = after
}

func (m *windowModel) check(c executed) error {
	o, found, err := m.window.remembered(c.outcome.Hash, c.id, m.now, m.limits)
	want := c.number >= len(m.all)-m.limits.size && (m.limits.age == 0 || !c.outcome.Time.Before(m.now.Add(-m.limits.age)))
	switch {
	case found != want:
		return fmt.Errorf("command %d of %d, executed %s ago, is remembered: %t", c.number, len(m.all), m.now.Sub(c.outcome.Time), found)
	case found && o != c.outcome:
		return fmt.Errorf("outcome %+v, want %+v", o, c.outcome)
	case !found && m.limits.refuse != errors.Is(err, ErrForgotten):
		return fmt.Errorf("command %d of %d was executed %s ago and forgotten: error %w", c.number, len(m.all), m.now.Sub(c.outcome.Time), err)
	}
	return m.checkNew()
}

// checkNew looks for commands that cannot have been executed.
func (m *windowModel) checkNew() error {
	later := m.now.Add(time.Millisecond).UnixMilli()
	for _, id := range []string{"any", fmt.Sprintf("%08x-%04x-7000-8000-%012x", later>>16, later&0xffff, 1<<40)} {
		if _, found, err := m.window.remembered(record.CommandHash(id), id, m.now, m.limits); found || err != nil {
			return fmt.Errorf("a new command %q is remembered: %t, %w", id, found, err)
		}
	}
	return nil
}

func TestTimeOf(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]int64{
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398f": 1_645_557_742_000, // RFC 9562, appendix A.6
		"017F22E2-79B0-7CC3-98C4-DC0C0C07398F": 1_645_557_742_000,
		"017f22e2-79b0-4cc3-98c4-dc0c0c07398f": 0, // version 4
		"017f22e279b07cc398c4dc0c0c07398f":     0, // the form without dashes is not looked at
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398":  0,
		"017f22e2-79b0-7cc3-98c4-dc0c0c07398g": 0,
		"":                                     0,
	} {
		at, ok := timeOf(id)
		if ok != (want > 0) || ok && at.UnixMilli() != want {
			t.Errorf("%q: %v, %t", id, at, ok)
		}
	}
}
