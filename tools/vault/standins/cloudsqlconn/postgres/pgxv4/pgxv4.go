// Package pgxv4 stands in for PostgreSQL on Google Cloud SQL.
package pgxv4

import "cloud.google.com/go/cloudsqlconn"

var RegisterDriver = cloudsqlconn.Refuse
