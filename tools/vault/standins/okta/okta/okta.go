// Package okta stands in for Okta's client (12 MB of generated code for one second factor of logins), which this build
// of Vault does not have: see ../../../README.md. Making a configuration fails, so nothing after it is ever reached;
// the types are only as deep as Vault's code looks into them.
package okta

import (
	"context"
	"errors"
)

type Configuration struct{ Context context.Context }

type ConfigSetter func(*Configuration)

func WithToken(string) ConfigSetter  { return nil }
func WithOrgUrl(string) ConfigSetter { return nil }
func WithCache(bool) ConfigSetter    { return nil }

func NewConfiguration(...ConfigSetter) (*Configuration, error) {
	return nil, errors.New("this build of Vault has no Okta: use another method of login, or an official vault program")
}

type APIClient struct {
	configuration *Configuration
	UserAPI       userAPI
	UserFactorAPI factorAPI
}

func NewAPIClient(configuration *Configuration) *APIClient {
	return &APIClient{configuration: configuration}
}

func (c *APIClient) GetConfig() *Configuration { return c.configuration }

type User struct{}

func (*User) GetId() string { return "" }

type UserFactorPush struct{}

func (*UserFactorPush) GetId() string { return "" }

type Factor struct{ UserFactorPush *UserFactorPush }

type Verification struct{ Links map[string]any }

func (*Verification) GetFactorResult() string { return "" }

type outcome struct{}

func (*outcome) GetFactorResult() string { return "" }

// Transaction has one field for each state of a push; the real one sets exactly one of them.
type Transaction struct {
	UserFactorPushTransaction         *outcome
	UserFactorPushTransactionRejected *outcome
	UserFactorPushTransactionTimeout  *outcome
	UserFactorPushTransactionWaiting  *outcome
}

type userAPI struct{}

func (userAPI) ListUsers(context.Context) call[[]User] { return call[[]User]{} }

type factorAPI struct{}

func (factorAPI) ListFactors(context.Context, string) call[[]Factor] { return call[[]Factor]{} }

func (factorAPI) VerifyFactor(context.Context, string, string) call[*Verification] {
	return call[*Verification]{}
}

func (factorAPI) GetFactorTransactionStatus(context.Context, string, string, string) call[*Transaction] {
	return call[*Transaction]{}
}

type call[T any] struct{}

func (c call[T]) Filter(string) call[T] { return c }

func (call[T]) Execute() (T, any, error) {
	var none T
	return none, nil, errors.New("this build of Vault has no Okta")
}
