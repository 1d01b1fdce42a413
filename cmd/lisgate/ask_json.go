package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"

	"github.com/spf13/cobra"
)

// askFor asks the admin API of the gateway and reads its answer.
func askFor(cmd *cobra.Command, method, path string, order, answer any) error {
	response, err := askAdmin(cmd, method, path, order)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return json.NewDecoder(response.Body).Decode(answer)
}

// askAdmin asks the admin API. A refusal is a failure with its text.
func askAdmin(cmd *cobra.Command, method, path string, order any) (*http.Response, error) {
	var body io.Reader
	if order != nil {
		text, err := json.Marshal(order)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	response, err := ask(cmd, method, "/admin/v1/"+path, "application/json", body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		defer response.Body.Close()
		return nil, &failure{refusalText(response)}
	}
	return response, nil
}
