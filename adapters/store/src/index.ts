export { artifacts } from "./artifacts.ts"
export { type Checkpoints, type CheckpointsOptions, checkpoints } from "./checkpoints/checkpoints.ts"
export { logs } from "./logs.ts"
