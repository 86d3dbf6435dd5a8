// Package register links the only provider of this build: the program's secrets all come from Vault.
package register

import (
	_ "github.com/external-secrets/external-secrets/pkg/provider/vault" // registers itself
)
