//! Wide and narrow, light and dark, English and Norwegian.

use meterscope_e2e::{Outcome, Page, captures, scenario};

#[tokio::test]
async fn a_phone_has_tabs_and_never_scrolls_sideways() -> Outcome {
    scenario(async |page| {
        page.set_screen(390, 844).await?;
        page.reload().await?;
        assert_fits(page).await?;
        page.paste(&captures::hex(&captures::kaifa_list_2())).await?;
        page.wait_for("[role=tab]").await?;
        let tabs: Vec<String> =
            page.evaluate("[...document.querySelectorAll('[role=tab]')].map(tab => tab.id)").await?;
        assert!(tabs.len() >= 3, "{tabs:?}");
        for tab in tabs {
            page.click(&format!("#{tab}")).await?;
            page.wait_for(&format!("#{tab}[aria-selected=true]")).await?;
            let panel: String = page
                .evaluate(&format!("document.querySelector('#{tab}').getAttribute('aria-controls')"))
                .await?;
            assert!(page.is_visible(&format!("#{panel}")).await?, "{tab} shows nothing");
            assert_fits(page).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn wide_screens_show_everything_side_by_side() -> Outcome {
    scenario(async |page| {
        for width in [1280, 2560] {
            page.set_screen(width, 900).await?;
            page.reload().await?;
            page.paste(&captures::hex(&captures::kaifa_list_2())).await?;
            page.wait_for_capture().await?;
            assert_fits(page).await?;
            for part in ["#frame-list", "#field-tree", "#hex-view", "#value-cards", "#status-strip"] {
                assert!(page.is_visible(part).await?, "{part} at {width}");
            }
            let apart: bool = page
                .evaluate(
                    "document.querySelector('#field-tree').getBoundingClientRect().right
                         <= document.querySelector('#hex-view').getBoundingClientRect().left",
                )
                .await?;
            assert!(apart, "fields and octets are not side by side at {width}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn dark_and_light_follow_the_system_and_the_button() -> Outcome {
    scenario(async |page| {
        page.set_color_scheme("dark").await?;
        page.reload().await?;
        let dark = Colours::of(page).await?;
        assert!(dark.background < dark.text && dark.contrast() >= 4.5, "{dark:?}");
        page.set_color_scheme("light").await?;
        page.reload().await?;
        let light = Colours::of(page).await?;
        assert!(light.background > light.text && light.contrast() >= 4.5, "{light:?}");
        page.click("#theme-button").await?;
        let chosen = Colours::of(page).await?;
        assert!(chosen.background < chosen.text && chosen.contrast() >= 4.5, "{chosen:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn one_click_changes_the_language_and_the_way_numbers_are_written() -> Outcome {
    scenario(async |page| {
        page.paste(&captures::hex(&captures::heat_meter())).await?;
        page.wait_for(".value-card").await?;
        let values = async || -> Outcome<String> { page.text("#value-cards").await };
        assert!(values().await?.contains("71.25"));
        page.click("#language-button").await?;
        page.wait_for("html[lang=nb]").await?;
        assert!(values().await?.contains("71,25"), "{}", values().await?);
        page.click("#language-button").await?;
        page.wait_for("html[lang=en]").await?;
        assert!(values().await?.contains("71.25"));
        Ok(())
    })
    .await
}

async fn assert_fits(page: &Page) -> Outcome {
    let beyond: i64 =
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth").await?;
    assert_eq!(beyond, 0, "the page is wider than the screen");
    Ok(())
}

/// Relative luminance of text and background (WCAG 2.2).
#[derive(Debug)]
struct Colours {
    text: f64,
    background: f64,
}

impl Colours {
    async fn of(page: &Page) -> Outcome<Self> {
        let style = "const style = getComputedStyle(document.body);";
        let read = format!("(() => {{ {style} return [style.color, style.backgroundColor] }})()");
        let [text, background]: [String; 2] = page.evaluate(&read).await?;
        Ok(Self { text: luminance(&text)?, background: luminance(&background)? })
    }

    fn contrast(&self) -> f64 {
        let (brighter, darker) = (self.text.max(self.background), self.text.min(self.background));
        (brighter + 0.05) / (darker + 0.05)
    }
}

/// Of a colour as the browser computes it, `rgb(1, 2, 3)`.
fn luminance(colour: &str) -> Outcome<f64> {
    let numbers = colour.strip_prefix("rgb(").and_then(|rest| rest.strip_suffix(')'));
    let numbers = numbers.ok_or_else(|| format!("{colour} is not opaque"))?;
    let linear = |part: &str| -> Outcome<f64> {
        let part: f64 = part.trim().parse::<f64>()? / 255.0;
        Ok(if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) })
    };
    numbers
        .split(',')
        .zip([0.2126, 0.7152, 0.0722])
        .try_fold(0.0, |sum, (part, weight)| Ok(sum + weight * linear(part)?))
}
