package config

import (
	"encoding"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// position is where a value stands in the file.
type position struct{ line, column int }

// decoder fills a Config from a syntax tree. It goes on after a fault, so
// that one load reports all of them, and keeps the position of every value
// for the checks that come later. A library decoder stops at the first.
type decoder struct {
	file      string
	positions map[string]position // by path: sources[2].schedule
	anchors   map[string]ast.Node
	faults    Faults
}

func (d *decoder) fault(path, found, wanted, hint string) {
	p := d.where(path)
	d.faults = append(d.faults, Fault{File: d.file, Line: p.line, Column: p.column,
		Key: path, Found: found, Wanted: wanted, Hint: hint})
}

// where returns the position of the path or of its nearest known parent.
func (d *decoder) where(path string) position {
	for {
		if p, ok := d.positions[path]; ok || path == "" {
			return p
		}
		cut := strings.LastIndexAny(path, ".[")
		path = path[:max(cut, 0)]
	}
}

func (d *decoder) mark(path string, n ast.Node) {
	if values, ok := pairs(n); ok && len(values) > 0 {
		n = values[0].Key // the token of a mapping is its first colon
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		d.positions[path] = position{t.Position.Line, t.Position.Column}
	}
}

// resolve strips anchors, aliases and tags.
func (d *decoder) resolve(n ast.Node) ast.Node {
	for range 32 {
		switch x := n.(type) {
		case *ast.AnchorNode:
			d.anchors[x.Name.String()] = x.Value
			n = x.Value
		case *ast.AliasNode:
			n = d.anchors[x.Value.String()]
		case *ast.TagNode:
			n = x.Value
		default:
			return n
		}
	}
	return n
}

var (
	durationType = reflect.TypeFor[time.Duration]()
	timeType     = reflect.TypeFor[time.Time]()
	secretType   = reflect.TypeFor[Secret]()
)

// value decodes n into v, which is addressable.
func (d *decoder) value(path string, n ast.Node, v reflect.Value) {
	d.mark(path, n)
	n = d.resolve(n)
	if n == nil {
		d.fault(path, "an alias without its anchor", "a value", "")
		return
	}
	if _, null := n.(*ast.NullNode); null {
		return
	}
	switch {
	case v.Type() == durationType, v.Type() == timeType, v.Type() == secretType:
		d.scalar(path, n, v)
	case v.Kind() == reflect.Struct:
		d.structure(path, n, v)
	case v.Kind() == reflect.Slice:
		d.sequence(path, n, v)
	case v.Kind() == reflect.Map:
		d.mapping(path, n, v)
	default:
		d.scalar(path, n, v)
	}
}

func pairs(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch x := n.(type) {
	case *ast.MappingNode:
		return x.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{x}, true
	}
	return nil, false
}

func keyOf(p *ast.MappingValueNode) string {
	if s, ok := p.Key.(*ast.StringNode); ok {
		return s.Value
	}
	return p.Key.String()
}

func (d *decoder) structure(path string, n ast.Node, v reflect.Value) {
	values, ok := pairs(n)
	if !ok {
		d.fault(path, describe(n), "keys and values", "")
		return
	}
	known := fieldNames(v.Interface())
	seen := map[string]bool{}
	for _, p := range values {
		key := keyOf(p)
		at := join(path, key)
		i := slices.Index(known, key)
		switch {
		case i < 0:
			d.mark(at, p.Key)
			d.fault(at, "an unknown key", "one of "+strings.Join(known, ", "), didYouMean(key, known))
		case seen[key]:
			d.mark(at, p.Key)
			d.fault(at, "the key a second time", "each key once", "")
		default:
			seen[key] = true
			d.value(at, p.Value, v.Field(i))
		}
	}
}

// fieldNames returns the keys of a struct of the config, in its order.
func fieldNames(x any) []string {
	t := reflect.TypeOf(x)
	names := make([]string, t.NumField())
	for i := range names {
		names[i] = t.Field(i).Tag.Get("yaml")
	}
	return names
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func (d *decoder) sequence(path string, n ast.Node, v reflect.Value) {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		d.fault(path, describe(n), "a list", "write each item on a line of its own that begins with -")
		return
	}
	out := reflect.MakeSlice(v.Type(), len(s.Values), len(s.Values))
	for i, item := range s.Values {
		d.value(fmt.Sprintf("%s[%d]", path, i), item, out.Index(i))
	}
	v.Set(out)
}

func (d *decoder) mapping(path string, n ast.Node, v reflect.Value) {
	values, ok := pairs(n)
	if !ok {
		d.fault(path, describe(n), "keys and values", "")
		return
	}
	out := reflect.MakeMap(v.Type())
	for _, p := range values {
		key := reflect.ValueOf(keyOf(p))
		at := join(path, keyOf(p))
		if out.MapIndex(key).IsValid() {
			d.mark(at, p.Key)
			d.fault(at, "the key a second time", "each key once", "")
			continue
		}
		item := reflect.New(v.Type().Elem()).Elem()
		d.value(at, p.Value, item)
		out.SetMapIndex(key, item)
	}
	v.Set(out)
}

func (d *decoder) scalar(path string, n ast.Node, v reflect.Value) {
	s, ok := scalarText(n)
	if !ok {
		d.fault(path, describe(n), wantedFor(v.Type()), "")
		return
	}
	if err := setScalar(v, s, n); err != nil {
		found := strconv.Quote(s)
		if v.Type() == secretType {
			found = "a value that cannot be used"
		}
		d.fault(path, found, wantedFor(v.Type()), err.Error())
	}
}

func scalarText(n ast.Node) (string, bool) {
	switch x := n.(type) {
	case *ast.StringNode:
		return x.Value, true
	case *ast.LiteralNode:
		return x.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// setScalar returns an error whose text is a hint.
func setScalar(v reflect.Value, s string, n ast.Node) error {
	switch {
	case v.Type() == durationType:
		dur, err := ParseDuration(s)
		v.SetInt(int64(dur))
		return err
	case v.Type() == timeType:
		return v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s))
	case v.Type() == secretType:
		secret, err := expandSecret(s)
		v.Set(reflect.ValueOf(secret))
		return err
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
		return nil
	case reflect.Int:
		i, err := strconv.ParseInt(s, 10, 32)
		v.SetInt(i)
		return hintOnly(err, "write a whole number")
	case reflect.Float64:
		f, err := strconv.ParseFloat(s, 64)
		v.SetFloat(f)
		return hintOnly(err, "write a number such as 0.14")
	case reflect.Bool:
		b, ok := n.(*ast.BoolNode)
		if !ok {
			return fmt.Errorf("write true or false, without quotes")
		}
		v.SetBool(b.Value)
		return nil
	}
	return fmt.Errorf("%s cannot be set", v.Type())
}

func hintOnly(err error, hint string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s", hint)
}

func wantedFor(t reflect.Type) string {
	switch {
	case t == durationType:
		return "a duration such as 30s, 10m, 6h or 30d"
	case t == timeType:
		return "an instant such as 2026-11-30T18:00:00Z"
	case t == secretType:
		return "a text, ${env:NAME}, or the key with _file"
	}
	switch t.Kind() {
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	}
	return "a text"
}

func describe(n ast.Node) string {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "keys and values"
	case *ast.SequenceNode:
		return "a list"
	}
	if s, ok := scalarText(n); ok {
		s, _ = cut(s, 40)
		return strconv.Quote(s)
	}
	return "a " + strings.ToLower(n.Type().String())
}

func cut(s string, n int) (string, bool) {
	r := []rune(s)
	if len(r) <= n {
		return s, false
	}
	return string(r[:n]) + "…", true
}

// ParseDuration reads what time.ParseDuration reads, and whole days and weeks
// ("30d", "2w").
func ParseDuration(s string) (time.Duration, error) {
	for suffix, unit := range map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour} {
		digits, ok := strings.CutSuffix(s, suffix)
		if n, err := strconv.ParseUint(digits, 10, 15); ok && err == nil {
			return time.Duration(n) * unit, nil
		}
	}
	dur, err := time.ParseDuration(s)
	switch {
	case err != nil:
		return 0, fmt.Errorf("a number needs its unit")
	case dur < 0:
		return 0, fmt.Errorf("not less than nothing")
	}
	return dur, nil
}

// expandSecret replaces ${env:NAME}, which must be the whole value.
func expandSecret(s string) (Secret, error) {
	name, ok := strings.CutPrefix(s, "${env:")
	if !ok {
		return NewSecret(s), nil
	}
	name, ok = strings.CutSuffix(name, "}")
	value := os.Getenv(name)
	if !ok || value == "" {
		return Secret{}, fmt.Errorf("the environment has no %s", name)
	}
	return NewSecret(value), nil
}
