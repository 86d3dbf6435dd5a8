// Package cloudsqlconn stands in for connections to Google Cloud SQL, which only the database secrets engine makes and
// this build of Vault does not have: see ../../README.md.
package cloudsqlconn

import "errors"

type (
	Option     func()
	DialOption func()
)

func WithIAMAuthN() Option                           { return nil }
func WithCredentialsJSON([]byte) Option              { return nil }
func WithDefaultDialOptions(...DialOption) Option    { return nil }
func WithPrivateIP() DialOption                      { return nil }
func WithPSC() DialOption                            { return nil }
func Refuse(string, ...Option) (func() error, error) { return nil, errRefused }

var errRefused = errors.New("this build of Vault can't connect to Google Cloud SQL: use an official vault program")
