//! The colours of a plot. The style sheet says what they are; here they are only read.

/// Red, green and blue.
pub type Rgb = (u8, u8, u8);

/// A colour as a browser computes it: `rgb(1, 2, 3)`, or `rgba(1, 2, 3, 0.5)` of which the rest is left out.
pub fn parse(text: &str) -> Option<Rgb> {
    let numbers = text.strip_prefix("rgb")?.trim_start_matches('a').strip_prefix('(')?;
    let mut numbers = numbers.split([',', ')', ' ', '/']).filter(|part| !part.is_empty()).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computed_colours_are_read() {
        assert_eq!(parse("rgb(0, 114, 178)"), Some((0, 114, 178)));
        assert_eq!(parse("rgba(1, 2, 3, 0.5)"), Some((1, 2, 3)));
        assert_eq!(parse("rgb(1 2 3 / 50%)"), Some((1, 2, 3)));
        assert_eq!(parse("color(srgb 1 0 0)"), None);
    }
}
