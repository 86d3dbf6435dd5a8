// Package awskms stands in for the seal by AWS KMS, which this build of Vault does not have: see ../../README.md.
package awskms

import (
	"context"
	"errors"

	"github.com/hashicorp/go-hclog"
	wrapping "github.com/hashicorp/go-kms-wrapping/v2"
)

// Names that Vault's configuration reads; the values are those of the real module.
const (
	EnvAwsKmsWrapperKeyId   = "AWSKMS_WRAPPER_KEY_ID"
	EnvVaultAwsKmsSealKeyId = "VAULT_AWSKMS_SEAL_KEY_ID"
)

// Wrapper refuses to be configured, so none of its other methods is ever reached.
type Wrapper struct{ wrapping.Wrapper }

func NewWrapper() *Wrapper { return &Wrapper{} }

func (*Wrapper) SetConfig(context.Context, ...wrapping.Option) (*wrapping.WrapperConfig, error) {
	return nil, errors.New("this build of Vault can't be sealed by AWS KMS: leave out the seal stanza, or use an official vault program")
}

// WithDisallowEnvVars changes nothing here.
func WithDisallowEnvVars(bool) wrapping.Option { return nil }

// WithLogger changes nothing here.
func WithLogger(hclog.Logger) wrapping.Option { return nil }
