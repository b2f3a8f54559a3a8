export { artifacts } from "./artifacts.ts"
export { type Catalogue, type CatalogueOptions, catalogue } from "./catalogue/catalogue.ts"
export { type Checkpoints, type CheckpointsOptions, checkpoints } from "./checkpoints/checkpoints.ts"
export { type LogsOptions, logs } from "./logs.ts"
