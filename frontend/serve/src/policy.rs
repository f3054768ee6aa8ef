/// What the page may do: run its own scripts and its own WebAssembly, and talk to nobody but the place it came from.
///
/// No inline script or style, no other host, no form, no frame, no plugin.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     connect-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self'; manifest-src 'self'; \
     base-uri 'none'; form-action 'none'";
