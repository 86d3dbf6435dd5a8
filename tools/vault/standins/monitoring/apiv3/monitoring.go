// Package monitoring stands in for Google Cloud Monitoring, to which this build of Vault sends no metrics: see
// ../../../README.md. Prometheus can still collect them.
package monitoring

import (
	"context"
	"errors"

	"google.golang.org/api/option"
)

type MetricClient struct{}

func NewMetricClient(context.Context, ...option.ClientOption) (*MetricClient, error) {
	return nil, errors.New("this build of Vault sends no metrics to Google Cloud: leave out stackdriver_project_id")
}
