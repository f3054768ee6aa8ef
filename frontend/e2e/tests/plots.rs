//! Readings over time: what is drawn, and how one moves in it.

use std::fs;

use meterscope_e2e::{Key, Outcome, Page, captures, scenario};

/// The first and last moment that is drawn, in seconds.
async fn window(page: &Page) -> Outcome<[f64; 2]> {
    page.evaluate(
        "(view => [view.dataset.from / 1e6, view.dataset.to / 1e6])(document.querySelector('#plot-view'))",
    )
    .await
}

async fn open(page: &Page, lists: u32, seconds: u32) -> Outcome {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("house.log");
    fs::write(&path, captures::household_log(lists, seconds))?;
    page.open_file(&path).await?;
    page.wait_for("#plots[data-state=ready]").await?;
    page.wait_for_capture().await
}

/// How many pixels of the canvas have about this colour.
async fn pixels_of(page: &Page, slot: usize) -> Outcome<u64> {
    page.evaluate(&format!(
        "(async () => {{
            await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
            const canvas = document.querySelector('#plot-canvas');
            const [red, green, blue] = getComputedStyle(document.querySelector('.plot-palette .slot-{slot}'))
                .color.match(/\\d+/g).map(Number);
            const {{ data }} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            let count = 0;
            for (let at = 0; at < data.length; at += 4) {{
                const far = Math.abs(data[at] - red) + Math.abs(data[at + 1] - green) + Math.abs(data[at + 2] - blue);
                if (far < 40) count += 1;
            }}
            return count;
        }})()"
    ))
    .await
}

#[tokio::test]
async fn the_chosen_readings_are_drawn() -> Outcome {
    scenario(async |page| {
        page.set_screen(1440, 900).await?;
        open(page, 300, 10).await?;
        assert!(pixels_of(page, 0).await? > 100, "the power is not drawn");
        assert_eq!(pixels_of(page, 1).await?, 0);
        page.click(".plot-choice[data-series='voltage-l1']").await?;
        page.wait_for(".plot-choice[data-series='voltage-l1']:checked").await?;
        assert!(pixels_of(page, 1).await? > 100, "the voltage is not drawn");
        let label: String = page.evaluate("document.querySelector('#plot-canvas').ariaLabel").await?;
        assert!(label.contains("voltage, L1: ") && label.contains(" Oct 2025, "), "{label}");
        page.click(".plot-choice[data-series='voltage-l1']").await?;
        page.click(".plot-choice[data-series='active-power-import']").await?;
        page.wait_for("#plot-view .empty").await?;
        assert_eq!(pixels_of(page, 0).await?, 0);
        Ok(())
    })
    .await
}

/// What cannot be chosen now is reached like the others, and says why.
#[tokio::test]
async fn a_choice_that_is_not_possible_says_why() -> Outcome {
    const CHECKED: &str = "document.querySelectorAll('.plot-choice:checked').length";
    const FULL: &str = ".plot-choice[aria-disabled]";
    const WHY: &str = "(focused => document.getElementById(focused.getAttribute('aria-describedby'))?.innerText ?? '')\
        (document.activeElement)";
    scenario(async |page| {
        page.set_screen(1440, 900).await?;
        open(page, 60, 10).await?;
        for series in ["active-power-export", "voltage-l1", "voltage-l2", "voltage-l3", "current-l1"] {
            page.click(&format!(".plot-choice[data-series='{series}']")).await?;
        }
        page.wait_until(&format!("{CHECKED} === 6")).await?;
        page.evaluate::<bool>(&format!("document.querySelector(\"{FULL}\").focus() ?? true")).await?;
        assert!(page.evaluate::<String>(WHY).await?.contains("No more than"));
        page.press(Key::Space).await?;
        page.click(FULL).await?;
        assert_eq!(page.evaluate::<usize>(CHECKED).await?, 6);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_choices_are_one_tab_stop_with_arrow_keys() -> Outcome {
    const FOCUSED: &str = "document.activeElement.dataset.series ?? ''";
    const STOPS: &str = "document.querySelectorAll('.plot-choice[tabindex=\"0\"]').length";
    scenario(async |page| {
        page.set_screen(1440, 900).await?;
        open(page, 60, 10).await?;
        let all: Vec<String> = page
            .evaluate("[...document.querySelectorAll('.plot-choice')].map(it => it.dataset.series)")
            .await?;
        let [first, second, .., before_last, last] = all.as_slice() else {
            return Err(format!("a few readings are offered, not {all:?}").into());
        };
        page.evaluate::<bool>("document.querySelector('#plot-view').focus() ?? true").await?;
        page.press(Key::Tab).await?;
        for (key, reached) in [
            (Key::Down, second),
            (Key::Up, first),
            (Key::Up, last),
            (Key::Down, first),
            (Key::End, last),
            (Key::Left, before_last),
            (Key::Home, first),
            (Key::Right, second),
        ] {
            page.press(key).await?;
            assert_eq!(page.evaluate::<String>(FOCUSED).await?, *reached);
        }
        let checked = format!(".plot-choice[data-series='{second}']:checked");
        page.press(Key::Space).await?;
        page.wait_for(&checked).await?;
        assert_eq!(page.evaluate::<String>(FOCUSED).await?, *second);
        page.press(Key::Space).await?;
        page.wait_until(&format!("!document.querySelector(\"{checked}\")")).await?;

        // One stop, and the way back leads to where one was.
        assert_eq!(page.evaluate::<usize>(STOPS).await?, 1);
        page.press(Key::Tab).await?;
        assert_eq!(page.evaluate::<String>(FOCUSED).await?, "");
        page.press_with_shift(Key::Tab).await?;
        assert_eq!(page.evaluate::<String>(FOCUSED).await?, *second);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_canvas_is_as_sharp_as_the_screen() -> Outcome {
    scenario(async |page| {
        page.set_screen(1440, 900).await?;
        open(page, 60, 10).await?;
        let ratio: f64 = page
            .evaluate(
                "(canvas => canvas.width / canvas.clientWidth / devicePixelRatio)(document.querySelector('#plot-canvas'))",
            )
            .await?;
        assert!((ratio - 1.0).abs() < 0.01, "{ratio}");
        page.set_screen(1000, 900).await?;
        page.wait_until(
            "(canvas => Math.abs(canvas.width - canvas.clientWidth * devicePixelRatio) < 2)(document.querySelector('#plot-canvas'))",
        )
        .await
    })
    .await
}

#[tokio::test]
async fn buttons_wheel_and_mouse_move_and_zoom() -> Outcome {
    scenario(async |page| {
        page.set_screen(1440, 900).await?;
        open(page, 360, 10).await?;
        let [from, to] = window(page).await?;
        assert!((to - from - 3590.0).abs() < 1.0, "{from} {to}");
        page.click("#plot-zoom-in").await?;
        let half = window(page).await?;
        assert!((half[1] - half[0] - 1795.0).abs() < 1.0, "{half:?}");
        page.click("#plot-earlier").await?;
        let earlier = window(page).await?;
        assert!((half[0] - earlier[0] - 897.5).abs() < 1.0, "{earlier:?}");
        wheel(page, -400).await?;
        let wheeled = window(page).await?;
        assert!((wheeled[1] - wheeled[0] - 897.5).abs() < 2.0, "{wheeled:?}");
        drag(page, 200).await?;
        let dragged = window(page).await?;
        assert!(dragged[0] < wheeled[0] - 50.0, "{dragged:?} {wheeled:?}");
        page.evaluate::<bool>(
            "(select => { select.value = '15'; return select.dispatchEvent(new Event('change', { bubbles: true })) })(
                document.querySelector('#plot-window'))",
        )
        .await?;
        page.wait_until("(view => view.dataset.to - view.dataset.from === 900e6)(document.querySelector('#plot-view'))")
            .await?;
        assert!((window(page).await?[1] - to).abs() < 0.001);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn two_fingers_zoom() -> Outcome {
    scenario(async |page| {
        page.set_screen(390, 844).await?;
        open(page, 360, 10).await?;
        page.click("#tab-plots").await?;
        page.wait_for("#tab-plots[aria-selected=true]").await?;
        let before = window(page).await?;
        let script = "(() => {
            const view = document.querySelector('#plot-view'), box = view.getBoundingClientRect();
            const send = (type, pointerId, across) => view.dispatchEvent(new PointerEvent(type, {
                pointerId, pointerType: 'touch', bubbles: true, button: type === 'pointermove' ? -1 : 0,
                clientX: box.left + box.width * across, clientY: box.top + box.height / 2 }));
            view.setPointerCapture = () => {};
            send('pointerdown', 11, 0.4); send('pointerdown', 12, 0.6);
            return new Promise(done => requestAnimationFrame(() => {
                send('pointermove', 11, 0.3); send('pointermove', 12, 0.7);
                send('pointerup', 11, 0.3); send('pointerup', 12, 0.7);
                requestAnimationFrame(() => done(true));
            }));
        })()";
        page.evaluate::<bool>(script).await?;
        let after = window(page).await?;
        let factor = (after[1] - after[0]) / (before[1] - before[0]);
        assert!((factor - 0.5).abs() < 0.02, "{factor}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_keyboard_goes_from_point_to_point_and_into_the_frame() -> Outcome {
    scenario(async |page| {
        page.set_screen(1440, 900).await?;
        open(page, 30, 10).await?;
        page.evaluate::<bool>("(document.querySelector('#plot-view').focus(), true)").await?;
        page.press(Key::Home).await?;
        page.wait_for("#plot-view[data-cursor]").await?;
        page.press(Key::Home).await?;
        page.press(Key::Right).await?;
        page.press(Key::Right).await?;
        let readout = page.text("#plot-readout").await?;
        let local: String = page
            .evaluate("new Date(Date.UTC(2025, 9, 25, 22, 0, 20)).toLocaleTimeString('nb-NO', { hourCycle: 'h23' }).slice(-8)")
            .await?;
        assert!(readout.contains(&local) && readout.contains('W'), "{readout} {local}");
        page.press(Key::Enter).await?;
        page.wait_for("#frame-row-2[aria-selected=true]").await?;
        let field = page.selected_field().await?;
        assert!(field.text.contains('W'), "{field:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_click_on_a_point_opens_the_frame_it_came_from() -> Outcome {
    scenario(async |page| {
        page.set_screen(1440, 900).await?;
        open(page, 200, 10).await?;
        let view = page.session().find(thirtyfour::By::Id("plot-view")).await?;
        page.session().action_chain().move_to_element_center(&view).click().perform().await?;
        page.wait_until("+document.querySelector('.frame-row[aria-selected=true]')?.dataset.index > 60")
            .await?;
        let selected: usize =
            page.evaluate("+document.querySelector('.frame-row[aria-selected=true]').dataset.index").await?;
        assert!((80..130).contains(&selected), "{selected}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_table_says_the_same() -> Outcome {
    scenario(async |page| {
        page.set_screen(1440, 900).await?;
        open(page, 30, 10).await?;
        page.click("#plot-table-button").await?;
        page.wait_for("#plot-table").await?;
        let rows: usize =
            page.evaluate("document.querySelectorAll('#plot-table .plot-points tbody tr').length").await?;
        assert_eq!(rows, 30);
        let summary = page.text("#plot-table .plot-summary tbody").await?;
        assert!(summary.ends_with("30"), "{summary}");
        page.click("#plot-table [data-item='7'] button").await?;
        page.wait_for("#frame-row-7[aria-selected=true]").await?;
        Ok(())
    })
    .await
}

/// On 2025-10-26 clocks in Oslo went back from three to two, in the middle of this session.
#[tokio::test]
async fn times_are_those_of_the_clock_on_the_wall() -> Outcome {
    scenario(async |page| {
        let oslo = serde_json::json!({ "timezoneId": "Europe/Oslo" });
        page.session().cdp().send_raw("Emulation.setTimezoneOverride", oslo).await?;
        page.set_screen(1440, 900).await?;
        page.reload().await?;
        open(page, 60, 360).await?;
        let range = page.text("#plot-readout").await?;
        assert_eq!(range, "26 Oct 2025, 00:00:00 to 04:54:00");
        page.click("#plot-table-button").await?;
        page.wait_for("#plot-table").await?;
        let times: Vec<String> = page
            .evaluate("[...document.querySelectorAll('#plot-table .plot-points tbody th')].map(cell => cell.innerText)")
            .await?;
        let time_of = |row: usize| times[row].replace('\u{a0}', " ");
        assert_eq!(time_of(19), "26 Oct 2025, 01:54:00");
        assert_eq!(time_of(25), "26 Oct 2025, 02:30:00 +02:00");
        assert_eq!(time_of(35), "26 Oct 2025, 02:30:00 +01:00");
        assert_eq!(time_of(40), "26 Oct 2025, 03:00:00");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn without_points_it_says_why() -> Outcome {
    scenario(async |page| {
        page.set_screen(390, 844).await?;
        page.paste(&captures::hex(&captures::heat_meter())).await?;
        page.wait_for("#tab-plots").await?;
        page.click("#tab-plots").await?;
        page.wait_for("#plots .empty").await?;
        assert!(!page.text("#plots .empty").await?.is_empty());
        Ok(())
    })
    .await
}

/// Two heat meters on one bus measure the same; only their names tell them apart.
#[tokio::test]
async fn readings_of_several_meters_stand_under_their_names() -> Outcome {
    scenario(async |page| {
        page.set_screen(1440, 900).await?;
        let one = captures::heat_meter();
        // The last digits of its number, and the sum over the frame.
        let mut other = one.clone();
        if let [.., _, _] = other[..] {
            let sum = other.len() - 2;
            other[7] ^= 1;
            other[sum] = other[sum].wrapping_sub(one[7]).wrapping_add(other[7]);
        }
        let (one, other) = (captures::hex(&one), captures::hex(&other));
        let lines = (0..30).map(|minute| {
            format!("2025-03-25 12:{minute:02}:00 {one}\n2025-03-25 12:{minute:02}:05 {other}\n")
        });
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("heat.log");
        fs::write(&path, lines.collect::<String>())?;
        page.open_file(&path).await?;
        page.wait_for("#plots[data-state=ready] .plot-meter").await?;
        let texts = |selector: &str| {
            format!("[...document.querySelectorAll('{selector}')].map(it => it.textContent)")
        };
        let names: Vec<String> = page.evaluate(&texts(".plot-meter")).await?;
        let cards: Vec<String> = page.evaluate(&texts(".card-group h3")).await?;
        assert!(names.len() == 2 && names == cards && names[0] != names[1], "{names:?} {cards:?}");
        let same: Vec<String> = page.evaluate(&texts(".plot-group:first-child .plot-name")).await?;
        let again: Vec<String> = page.evaluate(&texts(".plot-group:last-child .plot-name")).await?;
        assert!(same.len() > 3 && same == again, "{same:?} {again:?}");
        Ok(())
    })
    .await
}

/// Nothing but the head of the page and the tabs stands over the plot on a phone.
#[tokio::test]
async fn on_a_phone_the_plot_is_seen_without_scrolling() -> Outcome {
    scenario(async |page| {
        page.set_screen(390, 844).await?;
        open(page, 360, 10).await?;
        page.click("#tab-plots").await?;
        page.wait_for("#tab-plots[aria-selected=true]").await?;
        let [tabs, panel, plot, bottom]: [f64; 4] = page
            .evaluate(
                "(box => [box('#tab-plots').bottom, box('#plots').top, box('#plot-view').top, box('#plot-view').bottom])(
                    selector => document.querySelector(selector).getBoundingClientRect())",
            )
            .await?;
        assert!(panel - tabs < 24.0 && plot - panel < 140.0 && bottom <= 844.0, "{tabs} {panel} {plot} {bottom}");
        Ok(())
    })
    .await
}

async fn wheel(page: &Page, down: i32) -> Outcome {
    page.evaluate::<bool>(&format!(
        "(async () => {{
            const view = document.querySelector('#plot-view'), box = view.getBoundingClientRect();
            view.dispatchEvent(new WheelEvent('wheel', {{ bubbles: true, cancelable: true, deltaY: {down},
                clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 }}));
            await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
            return true;
        }})()"
    ))
    .await?;
    Ok(())
}

/// Drags the plot to the right with the mouse.
async fn drag(page: &Page, pixels: i64) -> Outcome {
    let view = page.session().find(thirtyfour::By::Id("plot-view")).await?;
    let chain = page.session().action_chain().move_to_element_center(&view).click_and_hold();
    chain.move_by_offset(pixels / 2, 0).move_by_offset(pixels / 2, 0).release().perform().await?;
    Ok(())
}
