//! What no page may do in any scenario: break its Content-Security-Policy, throw, or write an error to the console.

use thirtyfour::WebDriver;

use crate::{Outcome, Page};

/// Runs before the page's own scripts. Also notes when the page became ready, for the measurements.
const WATCHER: &str = "
    window.meterscopeFaults = [];
    const note = text => window.meterscopeFaults.push(text);
    addEventListener('securitypolicyviolation', event =>
        note(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
    addEventListener('error', event => note(`error: ${event.message ?? event.target?.outerHTML}`), true);
    addEventListener('unhandledrejection', event => note(`rejection: ${event.reason}`));
    new MutationObserver(() => {
        if (document.documentElement?.dataset.ready === 'true') window.meterscopeReadyAt ??= performance.now();
    }).observe(document, { attributes: true, subtree: true, attributeFilter: ['data-ready'] });
";

/// Watches every page that the session opens from now on.
pub async fn watch(session: &WebDriver) -> Outcome {
    session.cdp().page().add_script_to_evaluate_on_new_document(WATCHER).await?;
    Ok(())
}

/// Everything that went wrong in the page so far.
pub async fn collect(page: &Page) -> Outcome<Vec<String>> {
    let mut faults: Vec<String> = page.evaluate("window.meterscopeFaults").await?;
    for entry in page.session().browser_log().await? {
        if entry.level == "SEVERE" {
            faults.push(format!("console: {}", entry.message));
        }
    }
    Ok(faults)
}
