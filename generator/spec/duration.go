package spec

import (
	"errors"
	"strings"
	"time"
)

// Duration is a time.Duration, written as Go writes it: 8760h, 24h, 90s.
type Duration time.Duration

// Std is d as a time.Duration.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// String is the shortest form: 8760h, not 8760h0m0s.
func (d Duration) String() string {
	s := d.Std().String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// MarshalText writes d as a string in JSON and YAML.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText accepts what [time.ParseDuration] accepts.
func (d *Duration) UnmarshalText(text []byte) error {
	std, err := time.ParseDuration(string(text))
	if err != nil {
		return errors.New("is not a duration; write hours, minutes or seconds, such as 24h (a year is 8760h)")
	}
	*d = Duration(std)
	return nil
}
