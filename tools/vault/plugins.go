package main

import (
	"slices"

	kubernetes "github.com/hashicorp/vault-plugin-auth-kubernetes"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	"github.com/hashicorp/vault/audit"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
)

// plugins are linked into the program, each with the kind that Vault's catalogue lists it under.
var plugins = map[consts.PluginType]map[string]logical.Factory{
	consts.PluginTypeSecrets:    {"kv": kv.Factory},
	consts.PluginTypeCredential: {"kubernetes": kubernetes.Factory},
}

var auditDevices = map[string]audit.Factory{"file": audit.NewFileBackend}

func factories() (secrets, auth map[string]logical.Factory) {
	return plugins[consts.PluginTypeSecrets], plugins[consts.PluginTypeCredential]
}

// registry answers the core's questions about what is built in, for mounts by name and for the catalogue's listing.
type registry struct{}

func (registry) Get(name string, kind consts.PluginType) (func() (any, error), bool) {
	factory, found := plugins[kind][name]
	return func() (any, error) { return factory, nil }, found
}

func (registry) Contains(name string, kind consts.PluginType) bool {
	_, found := plugins[kind][name]
	return found
}

func (registry) Keys(kind consts.PluginType) []string {
	var names []string
	for name := range plugins[kind] {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (registry) DeprecationStatus(name string, kind consts.PluginType) (consts.DeprecationStatus, bool) {
	if (registry{}).Contains(name, kind) {
		return consts.Supported, true
	}
	return consts.Unknown, false
}

func (registry) IsBuiltinEntPlugin(string, consts.PluginType) bool { return false }
