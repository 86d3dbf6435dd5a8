package main

import (
	_ "github.com/hashicorp/vault-plugin-auth-kubernetes"
	_ "github.com/hashicorp/vault-plugin-secrets-kv"
	_ "github.com/hashicorp/vault/audit"
	_ "github.com/hashicorp/vault/http"
	_ "github.com/hashicorp/vault/internalshared/configutil"
	_ "github.com/hashicorp/vault/sdk/physical/file"
	_ "github.com/hashicorp/vault/vault"
)

func main() {}
