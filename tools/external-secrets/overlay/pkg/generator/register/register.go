// Package register links no generator: nothing in this project asks the controller to invent a secret.
package register
