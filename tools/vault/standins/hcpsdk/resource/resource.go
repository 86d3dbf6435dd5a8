// Package resource stands in for the names of HashiCorp's hosted platform, which this build of Vault can't be linked
// to: see ../../../README.md.
package resource

import "errors"

type Resource struct{}

func FromString(string) (Resource, error) {
	return Resource{}, errors.New("this build of Vault can't be linked to HashiCorp's hosted platform: leave out the cloud stanza")
}
