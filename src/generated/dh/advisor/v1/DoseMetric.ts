// Original file: proto/dh/advisor/v1/plan.proto


export interface DoseMetricInit {
  'structure'?: (number);
  'name'?: (string);
  'value'?: (number | string);
  'unit'?: (string);
}

export interface DoseMetric {
  'structure'?: (number);
  'name'?: (string);
  'value'?: (number);
  'unit'?: (string);
}
