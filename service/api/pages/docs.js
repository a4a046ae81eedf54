// Starts Swagger UI on our own OpenAPI document; everything is served from here, nothing from a CDN.
window.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  displayOperationId: true,
  validatorUrl: null,
});
