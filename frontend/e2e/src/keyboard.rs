pub use thirtyfour::Key;
use thirtyfour::TypingData;

use crate::{Outcome, Page};

/// More stops than any view of the page has.
const MOST_TAB_STOPS: usize = 60;

impl Page {
    /// Presses one key where the focus is.
    pub async fn press(&self, key: Key) -> Outcome {
        self.type_text(key).await
    }

    /// Presses one key with Ctrl held.
    pub async fn press_with_control(&self, key: Key) -> Outcome {
        self.press_with(Key::Control, key).await
    }

    /// Presses one key with Shift held.
    pub async fn press_with_shift(&self, key: Key) -> Outcome {
        self.press_with(Key::Shift, key).await
    }

    async fn press_with(&self, held: Key, key: Key) -> Outcome {
        let chain = self.session().action_chain().key_down(held.clone());
        Ok(chain.key_down(key.clone()).key_up(key).key_up(held).perform().await?)
    }

    /// Types where the focus is.
    pub async fn type_text(&self, text: impl Into<TypingData>) -> Outcome {
        Ok(self.session().action_chain().send_keys(text).perform().await?)
    }

    /// Goes with the Tab key until the focus is on the element with this id or inside it.
    pub async fn tab_to(&self, id: &str) -> Outcome {
        let mut passed = Vec::new();
        for _ in 0..MOST_TAB_STOPS {
            if self.has_focus(id).await? {
                return Ok(());
            }
            self.press(Key::Tab).await?;
            passed.push(self.focused().await?);
        }
        Err(format!("the Tab key never reaches #{id}; it passes {passed:?}").into())
    }

    /// Whether the focus is on the element with this id or inside it.
    pub async fn has_focus(&self, id: &str) -> Outcome<bool> {
        self.evaluate(&format!("!!document.activeElement?.closest('#{id}')")).await
    }

    /// The id of what has the focus, or of what it is in.
    async fn focused(&self) -> Outcome<String> {
        self.evaluate("document.activeElement?.closest('[id]')?.id ?? ''").await
    }
}
