// Package mysql stands in for MySQL on Google Cloud SQL.
package mysql

import "cloud.google.com/go/cloudsqlconn"

var RegisterDriver = cloudsqlconn.Refuse
