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
async fn collect(page: &Page) -> Outcome<Vec<String>> {
    let mut faults: Vec<String> = page.evaluate("window.meterscopeFaults").await?;
    for entry in page.session().browser_log().await? {
        if entry.level == "SEVERE" {
            faults.push(format!("console: {}", entry.message));
        }
    }
    Ok(faults)
}

/// What the scenario comes to when the page's behaviour counts too.
pub async fn judge(page: &Page, outcome: Outcome) -> Outcome {
    let faults = collect(page).await?;
    match outcome {
        Ok(()) if faults.is_empty() => Ok(()),
        Ok(()) => Err(format!("the page misbehaved: {faults:#?}").into()),
        Err(error) if faults.is_empty() => Err(error),
        Err(error) => Err(format!("{error}; the page also misbehaved: {faults:#?}").into()),
    }
}
