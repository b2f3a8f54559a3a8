export {
  ENVIRONMENT_LINE,
  isPlaceholder,
  isSecretVariable,
  SECRET_SHAPES,
  type SecretShape,
  SHAPE_KINDS,
  type ShapeKind,
} from "./shapes.ts"
