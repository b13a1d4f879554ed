//! Window events to inputs, in canvas pixels. The canvas stands pixel for pixel in the window's upper left corner.

use crate::ui::Input;
use winit::{
    event::{ElementState, MouseButton, MouseScrollDelta, TouchPhase, WindowEvent},
    keyboard::{Key, NamedKey},
};

/// Remembers where the mouse is. The mouse is finger 0, touches count from 1.
#[derive(Debug, Default, Clone, Copy)]
pub struct PointerInput {
    x: f32,
    y: f32,
    down: bool,
}

impl PointerInput {
    /// Pixels one notch of a wheel scrolls.
    const NOTCH_PIXELS: f32 = 120.0;

    /// The input a window event stands for, if any.
    pub fn input(&mut self, event: &WindowEvent) -> Option<Input> {
        match event {
            WindowEvent::CursorMoved { position, .. } => {
                (self.x, self.y) = (position.x as f32, position.y as f32);
                self.down.then_some(Input::Move { finger: 0, x: self.x, y: self.y })
            }
            WindowEvent::MouseInput { state, button: MouseButton::Left, .. } => {
                self.down = *state == ElementState::Pressed;
                let (x, y) = (self.x, self.y);
                Some(if self.down { Input::Down { finger: 0, x, y } } else { Input::Up { finger: 0, x, y } })
            }
            WindowEvent::CursorLeft { .. } if self.down => {
                self.down = false;
                Some(Input::Cancel { finger: 0 })
            }
            WindowEvent::MouseWheel { delta, .. } => {
                let by = match delta {
                    MouseScrollDelta::LineDelta(_, lines) => -lines * Self::NOTCH_PIXELS,
                    MouseScrollDelta::PixelDelta(pixels) => -pixels.y as f32,
                };
                Some(Input::Wheel { x: self.x, y: self.y, by })
            }
            WindowEvent::Touch(touch) => {
                let (finger, x, y) = (touch.id.wrapping_add(1), touch.location.x as f32, touch.location.y as f32);
                Some(match touch.phase {
                    TouchPhase::Started => Input::Down { finger, x, y },
                    TouchPhase::Moved => Input::Move { finger, x, y },
                    TouchPhase::Ended => Input::Up { finger, x, y },
                    TouchPhase::Cancelled => Input::Cancel { finger },
                })
            }
            WindowEvent::KeyboardInput { event, .. } if event.state == ElementState::Pressed => {
                match &event.logical_key {
                    Key::Character(text) => text.chars().next().map(Input::Key),
                    // A scanner ends what it types with Enter.
                    Key::Named(NamedKey::Enter) => Some(Input::Key('\n')),
                    Key::Named(NamedKey::Backspace) => Some(Input::Key('\u{8}')),
                    Key::Named(NamedKey::Space) => Some(Input::Key(' ')),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
