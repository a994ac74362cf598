// Original file: proto/inference/open_inference.proto


export interface RepositoryModelLoadResponseInit {
}

export interface RepositoryModelLoadResponse {
}
