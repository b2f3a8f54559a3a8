export { artifacts } from "./artifacts.ts"
export { type Catalogue, type CatalogueOptions, catalogue } from "./catalogue/catalogue.ts"
export { type FixtureOptions, fixtureEvents, fixtureLog } from "./fixture.ts"
export { type LogsOptions, logs } from "./logs.ts"
