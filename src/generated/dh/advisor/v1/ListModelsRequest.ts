// Original file: proto/dh/advisor/v1/operator.proto


export interface ListModelsRequestInit {
}

export interface ListModelsRequest {
}
