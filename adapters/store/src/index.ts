export { artifacts } from "./artifacts.ts"
export { logs } from "./logs.ts"
