// Original file: proto/dh/advisor/v1/operator.proto


export interface ReloadConfigurationInit {
}

export interface ReloadConfiguration {
}
