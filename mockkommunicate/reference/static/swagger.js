// Swagger UI with both documents; it asks nobody but this server.

const { prefix, titles } = document.body.dataset;

window.ui = SwaggerUIBundle({
  dom_id: "#reference",
  urls: JSON.parse(titles).map(([name, title]) => ({ name: title, url: `${prefix}/${name}.json` })),
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: "StandaloneLayout",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  showExtensions: true,
  validatorUrl: null,
});
