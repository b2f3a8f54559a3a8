export { cleanEnvironment, type EnvironmentFacts } from "./environment.ts"
export { type ClosableExec, type ExecOptions, exec } from "./exec.ts"
export { type LayeredWorld, layeredWorld } from "./layers/files.ts"
export { type LayersOptions, layers, type RepairingLayers } from "./layers/layers.ts"
