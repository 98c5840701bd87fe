package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/esgen-dev/esgen/compat/confluent"
)

// batchImports are the imports of one schema in a line of --batch: a list of
// objects, or an object that holds texts or such objects by name.
type batchImports []confluent.Import

// batchImport is one import. The text may be called schema, as the registry
// does.
type batchImport struct {
	Name    string `json:"name"`
	Text    string `json:"text"`
	Schema  string `json:"schema"`
	Subject string `json:"subject"`
	Version int    `json:"version"`
}

var errImports = errors.New("imports must be a list of objects with name and text, or an object of texts by name")

// UnmarshalJSON reads any of the forms. Imports come in the order in which they
// stand.
func (b *batchImports) UnmarshalJSON(data []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	open, err := decoder.Token()
	if err != nil || open == nil {
		return err //nolint:wrapcheck // the decoder around it says where
	}
	named := open == json.Delim('{')
	if !named && open != json.Delim('[') {
		return errImports
	}
	for decoder.More() {
		var name string
		if named {
			token, err := decoder.Token()
			if err != nil {
				return err //nolint:wrapcheck // see above
			}
			name = fmt.Sprint(token)
		}
		if err := b.add(decoder, name); err != nil {
			return err
		}
	}
	return nil
}

func (b *batchImports) add(decoder *json.Decoder, name string) error {
	var raw json.RawMessage
	if err := decoder.Decode(&raw); err != nil {
		return err //nolint:wrapcheck // see above
	}
	imp := batchImport{Name: name}
	if raw[0] == '"' && name != "" {
		if err := json.Unmarshal(raw, &imp.Text); err != nil {
			return err //nolint:wrapcheck // see above
		}
	} else if err := json.Unmarshal(raw, &imp); err != nil || imp.Name == "" {
		return errImports
	}
	*b = append(*b, confluent.Import{
		Name: imp.Name, Text: cmp.Or(imp.Text, imp.Schema), Subject: imp.Subject, Version: imp.Version,
	})
	return nil
}
