// Original file: proto/dh/advisor/v1/operator.proto


export interface RollBackConfigurationInit {
  'generation'?: (number);
  '_generation'?: "generation";
}

export interface RollBackConfiguration {
  'generation'?: (number);
}
