package vault

import (
	"context"
	"errors"

	"github.com/external-secrets/external-secrets/pkg/provider/vault/iamauth"
	vaultutil "github.com/external-secrets/external-secrets/pkg/provider/vault/util"
)

// setIamAuthToken refuses a store that wants to log in with an AWS identity; every other store is not its business.
func setIamAuthToken(_ context.Context, c *client, _ vaultutil.JwtProviderFactory, _ iamauth.STSProvider) (bool, error) {
	if c.store.Auth.Iam == nil {
		return false, nil
	}
	return true, errors.New("auth.iam: this build of External Secrets has no AWS login; allowed: kubernetes, jwt, appRole, cert, ldap, userPass, tokenSecretRef")
}
