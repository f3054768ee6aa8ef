//! Writes the Content-Security-Policy into the page itself, for hosts that send no headers of one's own.

use meterscope_serve::CONTENT_SECURITY_POLICY;

/// The page with the policy as the first thing in its head, before anything it applies to.
pub fn write_into(page: &str) -> Result<String, &'static str> {
    let (before, after) = page.split_once("<head>").ok_or("the page has no <head>")?;
    let policy =
        format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{CONTENT_SECURITY_POLICY}\">");
    Ok(format!("{before}<head>{policy}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_comes_first() {
        let page = write_into("<html><head><title>x</title></head></html>").expect("there is a head");
        assert!(
            page.starts_with(
                "<html><head><meta http-equiv=\"Content-Security-Policy\" content=\"default-src"
            )
        );
        assert!(page.ends_with("'none'\"><title>x</title></head></html>"));
        assert!(write_into("<html></html>").is_err());
    }
}
