export {
  ENVIRONMENT_LINE,
  isPlaceholder,
  isSecretVariable,
  SECRET_MARK,
  SECRET_SHAPES,
  type SecretShape,
  SHAPE_KINDS,
  type ShapeKind,
  secretMark,
} from "./shapes.ts"
