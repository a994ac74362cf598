// Original file: proto/inference/open_inference.proto


export interface ServerReadyRequestInit {
}

export interface ServerReadyRequest {
}
