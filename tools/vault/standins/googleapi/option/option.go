// Package option stands in for the options of Google's clients, of which this build of Vault has none.
package option

type ClientOption any

func WithUserAgent(string) ClientOption { return nil }
