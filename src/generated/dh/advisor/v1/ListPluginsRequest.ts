// Original file: proto/dh/advisor/v1/operator.proto


export interface ListPluginsRequestInit {
}

export interface ListPluginsRequest {
}
