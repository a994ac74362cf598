// Original file: proto/inference/open_inference.proto


export interface ServerLiveRequestInit {
}

export interface ServerLiveRequest {
}
