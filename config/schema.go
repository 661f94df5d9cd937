package config

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"
)

// The structs of the config are their own documentation: the schema and
// docs/config.md take the comments from the source.
//
//go:embed config.go
var source string

const packagePath = "github.com/leakwatch/leakwatch/config"

// comments returns the documentation of types and fields, by "Type" and
// "Type.Field".
func comments() (map[string]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "config.go", source, parser.ParseComments)
	if err != nil {
		return nil, fmt.Errorf("read own documentation: %w", err)
	}
	out := map[string]string{}
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.TYPE {
			continue
		}
		spec := gen.Specs[0].(*ast.TypeSpec)
		name := spec.Name.Name
		out[name] = strings.Join(strings.Fields(gen.Doc.Text()), " ")
		if st, ok := spec.Type.(*ast.StructType); ok {
			for _, f := range st.Fields.List {
				for _, id := range f.Names {
					out[name+"."+id.Name] = strings.Join(strings.Fields(f.Doc.Text()+" "+f.Comment.Text()), " ")
				}
			}
		}
	}
	return out, nil
}

// Schema returns the JSON Schema of the config file, for editors.
func Schema() ([]byte, error) {
	docs, err := comments()
	if err != nil {
		return nil, err
	}
	byPath := map[string]string{}
	for k, text := range docs {
		byPath[packagePath+"."+k] = text
	}
	r := &jsonschema.Reflector{FieldNameTag: "yaml", RequiredFromJSONSchemaTags: true, CommentMap: byPath,
		Mapper: func(t reflect.Type) *jsonschema.Schema {
			switch t {
			case durationType:
				return &jsonschema.Schema{Type: "string", Pattern: `^([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h|d|w))+$`, Examples: []any{"30s", "10m", "30d"}}
			case secretType:
				return &jsonschema.Schema{Type: "string", Description: "a secret: a text or ${env:NAME}"}
			}
			return nil
		}}
	s := r.Reflect(&Config{})
	s.ID, s.Title = "", "leakwatch config"
	out, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write schema: %w", err)
	}
	return append(out, '\n'), nil
}

// Reference returns docs/config.md.
func Reference() (string, error) {
	docs, err := comments()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("# Config reference\n\nGenerated from the structs of package config. One strict YAML file: an unknown key is a fault, " +
		"and `leakwatch check` reports all faults at once with line, column, what was found and what is wanted.\n\n" +
		"Durations are written 30s, 10m, 6h, 30d or 2w. A secret is a text, `${env:NAME}`, or stands in a file named by the key with `_file`; it is never printed. " +
		"Paths are relative to the config file.\n")
	section(&b, docs, reflect.TypeFor[Config](), "", map[reflect.Type]bool{})
	return b.String(), nil
}

func section(b *strings.Builder, docs map[string]string, t reflect.Type, key string, done map[reflect.Type]bool) {
	if done[t] {
		return
	}
	done[t] = true
	title := "The file"
	if key != "" {
		title = "`" + key + "`"
	}
	fmt.Fprintf(b, "\n## %s\n\n%s\n\n| key | value | meaning |\n| --- | --- | --- |\n", title, docs[t.Name()])
	var nested []reflect.StructField
	for f := range fields(t) {
		inner := f.Type
		for inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct && inner != secretType && inner != timeType {
			nested = append(nested, f)
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", f.Tag.Get("yaml"), typeName(f.Type), strings.ReplaceAll(docs[t.Name()+"."+f.Name], "|", "\\|"))
	}
	for _, f := range nested {
		inner := f.Type
		for inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		section(b, docs, inner, strings.TrimPrefix(key+"."+f.Tag.Get("yaml"), "."), done)
	}
}

func fields(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}

func typeName(t reflect.Type) string {
	switch {
	case t == durationType:
		return "duration"
	case t == timeType:
		return "instant"
	case t == secretType:
		return "secret"
	}
	switch t.Kind() {
	case reflect.Slice:
		return "list of " + typeName(t.Elem())
	case reflect.Map:
		return "map to " + typeName(t.Elem())
	case reflect.Struct:
		return strings.ToLower(t.Name())
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "whole number"
	}
	return "number"
}
