// Is an OpenAPI document valid? `node validate.mjs FILE...` prints what is said of each, as JSON.
import { Validator } from "@seriousme/openapi-schema-validator";

for (const file of process.argv.slice(2)) {
  const validator = new Validator();
  const { valid, errors = [] } = await validator.validate(file);
  if (valid) validator.resolveRefs();
  console.log(JSON.stringify({ valid, version: validator.version, errors: errors.length }));
}
